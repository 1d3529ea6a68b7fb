using System.Management.Automation;
using System.Security;
using OciSync.Core.Auth;
using OciSync.Core.AuthFiles;
using OciSync.Core.Checking;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Output;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands;

/// <summary>Tells whether images are whole where they lie: every manifest and blob there, of the right size and digest.</summary>
[Cmdlet(VerbsDiagnostic.Test, "OciImage", HelpUri = HelpPages.Folder + "Test-OciImage.md", DefaultParameterSetName = ReferenceSet)]
[OutputType(typeof(OciImageCheck), typeof(bool))]
[SharedParameters(typeof(LoginParameters))]
public sealed partial class TestOciImageCommand : ImageCmdlet
{
    private const string ReferenceSet = "Reference";
    private const string PathSet = "Path";

    // A path is looked at when the work begins: a packed archive has to be unpacked for that.
    private readonly List<(ImageLocation? Location, string Input)> _locations = [];
    private bool _isWhole = true;

    /// <summary>The images; a folder (oci:, dir:) or archive without a name is all images in it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ReferenceSet)]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [AllowEmptyString]
    public string[] Reference { get; set; } = [];

    /// <summary>Folders and archives of images: OCI layouts, skopeo's folders, tar files of both kinds.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [Alias("FullName")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Reads and hashes every blob at registries too, where otherwise only its presence and size are asked for.</summary>
    [Parameter]
    public SwitchParameter Full { get; set; }

    /// <summary>OCI layouts of images the other side has: what they have may be missing here.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Baseline { get; set; } = [];

    /// <summary>Gives one true or false for all in place of rows and errors.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    public partial PSCredential? Credential { get; set; }
    public partial SecureString? Token { get; set; }
    public partial SwitchParameter Anonymous { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == PathSet)
        {
            foreach (var path in Path)
            {
                AddPath(path);
            }

            return;
        }

        var read = ReadLocations(Reference);
        _isWhole &= read.Count == Reference.Count(r => !MyInvocation.ExpectingInput || !IsLineWithoutName(r));
        _locations.AddRange(read.Select(l => ((ImageLocation?)l.Location.WithDefaultTag(), l.Input)));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        EndList();
        var options = new CheckOptions { Full = Full, Baseline = Baselines.Find(this, Baseline) };
        var credentials = FindCredentials();
        if (_locations.Count > 0)
        {
            Run((writer, token) => CheckAllAsync(options, credentials, writer, token));
        }

        if (Quiet)
        {
            WriteObject(_isWhole);
        }
    }

    private protected override void RefuseEmpty(string input)
    {
        _isWhole = false;
        base.RefuseEmpty(input);
    }

    private void AddPath(string input)
    {
        try
        {
            _locations.AddRange(UserPaths.Find(this, input).Select(path => ((ImageLocation?)null, path)));
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException)
        {
            Fail(new ErrorRecord(e, "OciFileNotFound", ErrorCategory.ObjectNotFound, input));
        }
    }

    private void Fail(ErrorRecord error)
    {
        _isWhole = false;
        if (!Quiet)
        {
            WriteError(error);
        }
    }

    // A login that was typed for one registry goes to no other.
    private Dictionary<string, RegistryCredential> FindCredentials()
    {
        var credentials = new Dictionary<string, RegistryCredential>();
        if (GivenLogin is { } credential)
        {
            var hosts = _locations.Select(l => l.Location?.Registry).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
            if (hosts.Count > 1)
            {
                var failure = new PSArgumentException(
                    $"The login is for one registry, and there are {hosts.Count} ({string.Join(", ", hosts)}). Log in to each: Connect-OciRegistry <registry> "
                    + "-Credential …");
                ThrowTerminatingError(new ErrorRecord(failure, "OciCredentialAmbiguous", ErrorCategory.InvalidArgument, null));
            }

            hosts.ForEach(h => credentials.Add(h, credential));
        }

        return credentials;
    }

    private async Task CheckAllAsync(
        CheckOptions options, IReadOnlyDictionary<string, RegistryCredential> credentials, PipelineWriter writer, CancellationToken cancellationToken)
    {
        using var progress = new TransferMonitor("Check images", writer, IsWatched);
        using var engine = CreateEngine(progress.Listen(TellDecisions(writer)), credentials, cancellationToken);
        foreach (var (location, input) in _locations)
        {
            try
            {
                foreach (var place in location is null ? await engine.LocatePathAsync(input).ConfigureAwait(false) : [location])
                {
                    await engine.CheckAsync(place, options, (row, failure) => TellAsync(row, failure, progress, writer), cancellationToken)
                        .ConfigureAwait(false);
                }
            }
            catch (OciException e)
            {
                _isWhole = false;
                await (Quiet ? Task.CompletedTask : writer.WriteErrorAsync(ErrorRecords.Create(e, input))).ConfigureAwait(false);
            }
        }
    }

    private async Task TellAsync(OciImageCheck row, OciException? failure, TransferMonitor progress, PipelineWriter writer)
    {
        progress.CountImage();
        _isWhole &= failure is null;
        if (Quiet)
        {
            return;
        }

        await writer.WriteObjectAsync(row).ConfigureAwait(false);
        if (failure is not null)
        {
            await writer.WriteErrorAsync(ErrorRecords.Create(failure, row.Reference)).ConfigureAwait(false);
        }
    }
}
