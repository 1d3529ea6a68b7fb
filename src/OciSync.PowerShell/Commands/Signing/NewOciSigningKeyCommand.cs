using System.Management.Automation;
using System.Net;
using System.Security;
using System.Text;
using OciSync.Core.Signing.Keys;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Commands.Signing;

/// <summary>Makes a pair of keys that signs images, in the files of cosign and skopeo. No file is ever replaced.</summary>
[Cmdlet(
    VerbsCommon.New, "OciSigningKey", HelpUri = HelpPages.Folder + "New-OciSigningKey.md",
    DefaultParameterSetName = PassphraseSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(OciSigningKey))]
public sealed class NewOciSigningKeyCommand : PSCmdlet
{
    private const string PassphraseSet = "Passphrase";
    private const string FileSet = "PassphraseFile";
    private const string NoneSet = "NoPassphrase";

    /// <summary>The path of both files without their endings: PATH.key is private, and PATH.pub public.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The passphrase that opens the private key.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PassphraseSet)]
    public SecureString? Passphrase { get; set; }

    /// <summary>A file whose first line is the passphrase.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? PassphrasePath { get; set; }

    /// <summary>An empty passphrase: whoever reads the file can sign.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NoneSet)]
    public SwitchParameter NoPassphrase { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var prefix = new UserPaths(SessionState).Resolve(Path);
        try
        {
            var passphrase = Encoding.UTF8.GetBytes(FindPassphrase());
            if (ShouldProcess(string.Join(", ", OciSigningKey.PathsOf(prefix)), "Write a new pair of keys"))
            {
                WriteObject(OciSigningKey.Create(prefix, passphrase));
            }
        }
        catch (FileNotFoundException e)
        {
            WriteError(new ErrorRecord(e, "OciFileNotFound", ErrorCategory.ObjectNotFound, PassphrasePath));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var isThere = OciSigningKey.PathsOf(prefix).Any(File.Exists);
            WriteError(new ErrorRecord(
                e, isThere ? "OciFileExists" : "OciFileUnwritable", isThere ? ErrorCategory.ResourceExists : ErrorCategory.WriteError, prefix));
        }
    }

    private string FindPassphrase() => ParameterSetName switch
    {
        PassphraseSet => new NetworkCredential(string.Empty, Passphrase).Password,
        FileSet => File.ReadLines(new UserPaths(SessionState).Resolve(PassphrasePath!)).FirstOrDefault() ?? string.Empty,
        _ => string.Empty,
    };
}
