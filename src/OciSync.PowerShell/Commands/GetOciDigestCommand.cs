using System.Management.Automation;
using System.Security;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Output;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands;

/// <summary>The digests images have, at no pull cost; or that of a manifest in a file.</summary>
[Cmdlet(VerbsCommon.Get, "OciDigest", HelpUri = HelpPages.Folder + "Get-OciDigest.md", DefaultParameterSetName = ReferenceSet)]
[Alias("Get-OciManifestDigest")]
[OutputType(typeof(OciDigest))]
[SharedParameters(typeof(LoginParameters))]
public sealed partial class GetOciDigestCommand : ImageCmdlet
{
    private const string ReferenceSet = "Reference";
    private const string PathSet = "Path";

    /// <summary>The image.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ReferenceSet)]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [AllowEmptyString]
    public string[] Reference { get; set; } = [];

    /// <summary>A file with a manifest's bytes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The digest of this platform's manifest instead of the index's, os/architecture[/variant].</summary>
    [Parameter(ParameterSetName = ReferenceSet)]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    public string? Platform { get; set; }

    [Parameter(ParameterSetName = ReferenceSet)]
    public partial PSCredential? Credential { get; set; }

    [Parameter(ParameterSetName = ReferenceSet)]
    public partial SecureString? Token { get; set; }

    [Parameter(ParameterSetName = ReferenceSet)]
    public partial SwitchParameter Anonymous { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == PathSet)
        {
            foreach (var path in Path)
            {
                ReadFiles(path);
            }

            return;
        }

        var platform = Platforms.Read(Platform, this);
        foreach (var (reference, input) in ReadLocations(Reference))
        {
            var image = reference.WithDefaultTag();
            Ask(image, input, GivenLogin, async (engine, writer, token) =>
            {
                var digest = await engine.FindDigestAsync(image, platform, token).ConfigureAwait(false);
                await writer.WriteObjectAsync(new OciDigest(image.ToString(), null, digest)).ConfigureAwait(false);
            });
        }
    }

    private void ReadFiles(string path)
    {
        try
        {
            foreach (var file in UserPaths.Find(this, path).Where(f => !Directory.Exists(f)))
            {
                ReadFile(file);
            }
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException)
        {
            WriteError(new ErrorRecord(e, "OciFileNotFound", ErrorCategory.ObjectNotFound, path));
        }
    }

    private void ReadFile(string file)
    {
        try
        {
            WriteObject(new OciDigest(null, file, ManifestDigest.OfFile(file).ToString()));
        }
        catch (OciException e)
        {
            WriteError(ErrorRecords.Create(e, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var category = e is IOException ? ErrorCategory.ReadError : ErrorCategory.PermissionDenied;
            WriteError(new ErrorRecord(e, "OciFileUnreadable", category, file));
        }
    }
}
