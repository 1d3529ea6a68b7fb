using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.Finding;
using OciSync.Core.Finding.Facts;
using OciSync.Core.References;
using OciSync.Core.Rewriting;
using OciSync.Core.Rows;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;

namespace OciSync.PowerShell.Commands;

/// <summary>Gives images in files the names that they have at the mirror, and takes it back.</summary>
[Cmdlet(
    VerbsData.Update, "OciImageReference", HelpUri = HelpPages.Folder + "Update-OciImageReference.md",
    DefaultParameterSetName = PathSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(OciChangedReference), typeof(FileInfo))]
public sealed class UpdateOciImageReferenceCommand : AsyncCmdlet
{
    private const string PathSet = "Path";
    private const string UndoSet = "Undo";

    private readonly List<OciFoundImage> _found = [];
    private bool _hasFailed;

    /// <summary>Files and folders, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Rows of a run of Sync-OciImage or of a plan: which image is where at the mirror.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [AllowEmptyCollection]
    public PSObject[] Mirror { get; set; } = [];

    /// <summary>Names get the digest that the mirror has.</summary>
    [Parameter(ParameterSetName = PathSet)]
    public SwitchParameter Pin { get; set; }

    /// <summary>Also in the folders of a folder.</summary>
    [Parameter(ParameterSetName = PathSet)]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Names of rules of Find-OciImage whose images are left as they are.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string[] ExcludeRule { get; set; } = [];

    /// <summary>The file that gets what was changed, for -Undo; by default one in the current folder, named by the time.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string? UndoPath { get; set; }

    /// <summary>Changes no file but this kustomization.yaml of a component, which gives the manifests' images their new names.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string? KustomizePath { get; set; }

    /// <summary>The record of a run: its files get back what was in them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UndoSet)]
    [ValidateNotNullOrEmpty]
    public string Undo { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            if (ParameterSetName == UndoSet)
            {
                UndoRecord.Load(FullPath(Undo)).Undo(path => ShouldProcess(path, "Restore")).ToList().ForEach(WriteObject);
            }
            else
            {
                Rewrite();
            }
        }
        catch (OciException e)
        {
            ThrowTerminatingError(ErrorRecords.Create(e, ParameterSetName == UndoSet ? Undo : string.Join(", ", Path)));
        }
    }

    private void Rewrite()
    {
        var names = ReadNames();
        Find();
        if (_hasFailed)
        {
            WriteWarning("Nothing is changed, as not all files could be searched.");
            return;
        }

        if (KustomizePath is not null)
        {
            WriteComponent(names);
            return;
        }

        var plan = RewritePlan.Create(_found, names, Pin);
        var undo = FullPath(UndoPath ?? $"ocisync-undo-{DateTime.Now:yyyyMMdd-HHmmss}.json");
        var wanted = plan.Files.Where(f => ShouldProcess(
            $"Change {f.Path}{f.Diff}", $"Change {f.Path}?{f.Diff}", "Update-OciImageReference")).Select(f => f.Path).ToList();
        plan.Write(wanted, undo);
        if (wanted.Count > 0)
        {
            WriteVerbose($"To undo it: Update-OciImageReference -Undo '{undo}'");
        }

        plan.Rows.ToList().ForEach(WriteObject);
    }

    private void WriteComponent(IReadOnlyList<MirrorName> names)
    {
        var (path, text) = (FullPath(KustomizePath!), KustomizeComponent.Write(_found, names, Pin));
        if (ShouldProcess($"Write {path}\n{text}", $"Write {path}?", "Update-OciImageReference"))
        {
            KustomizeComponent.Save(path, text);
            WriteObject(new FileInfo(path));
        }
    }

    private void Find()
    {
        var options = new FindOptions { Recurse = Recurse, ExcludeRule = Lists.Split(ExcludeRule).ToList() };
        var paths = Path.SelectMany(Resolve).Distinct(StringComparer.Ordinal).ToList();
        Run((writer, token) => new ImageFinder(options).FindAsync(paths, outcomes => TakeAsync(outcomes, writer), token));
    }

    private async Task TakeAsync(IReadOnlyList<FindOutcome> outcomes, PipelineWriter writer)
    {
        foreach (var outcome in outcomes)
        {
            _found.AddRange(outcome.Images);
            outcome.Warnings.ToList().ForEach(w => writer.WriteWarning(w.ToString()));
            foreach (var failure in outcome.Failures)
            {
                _hasFailed = true;
                await writer.WriteErrorAsync(ErrorRecords.Create(failure, outcome.Path)).ConfigureAwait(false);
            }
        }
    }

    private IReadOnlyList<string> Resolve(string path)
    {
        try
        {
            return UserPaths.Find(this, path).OrderBy(f => f, StringComparer.Ordinal).ToList();
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            _hasFailed = true;
            WriteError(new ErrorRecord(e, "OciFileNotFound", ErrorCategory.ObjectNotFound, path));
            return [];
        }
    }

    // What failed, was removed or is held back is not at the mirror.
    private List<MirrorName> ReadNames()
    {
        var names = new List<MirrorName>();
        foreach (var row in Mirror)
        {
            var isThere = Text(row, "Status") is not (SyncStatus.Failed or SyncStatus.Cancelled or SyncStatus.Pruned or SyncStatus.WouldPrune)
                && Text(row, "DueTime").Length == 0;
            var (source, destination) = (Text(row, "Source"), Text(row, "Destination"));
            if (!isThere || source.Length == 0)
            {
                continue;
            }

            if (!ImageReference.TryParse(source, out var from, out var fault) || !ImageReference.TryParse(destination, out var to, out fault))
            {
                throw new OciException(
                    OciErrorKind.ReferenceInvalid,
                    $"-Mirror takes rows with the Source and the Destination of images in registries; '{source}' -> '{destination}': {fault}.");
            }

            names.Add(new MirrorName(from!.WithDefaultTag(), to!, ReadDigest(row, "SourceDigest"), ReadDigest(row, "Digest")));
        }

        return names;
    }

    private static string Text(PSObject row, string name) => row.Properties[name]?.Value?.ToString() ?? string.Empty;

    private static Digest? ReadDigest(PSObject row, string name) => Digest.TryParse(Text(row, name), out var digest, out _) ? digest : null;

    private string FullPath(string path) => new UserPaths(SessionState).Resolve(path);
}
