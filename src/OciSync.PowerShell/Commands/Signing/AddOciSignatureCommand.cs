using System.Management.Automation;
using System.Security;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Trust;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands.Signing;

/// <summary>Signs images where they are: the index and every platform. Signatures of others stay, and no layer is read.</summary>
[Cmdlet(
    VerbsCommon.Add, "OciSignature", HelpUri = HelpPages.Folder + "Add-OciSignature.md",
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(OciAddedSignature))]
[SharedParameters(typeof(SigningParameters))]
[SharedParameters(typeof(SignaturePlaceParameters))]
[SharedParameters(typeof(LoginParameters))]
public sealed partial class AddOciSignatureCommand : ImageCmdlet
{
    private string? _registriesDirectory;
    private string? _blobs;
    private SigningOptions _signing = SigningOptions.None;

    /// <summary>The images, in registries, OCI layouts (oci:) or folders of one image (dir:).</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [AllowEmptyString]
    public string[] Reference { get; set; } = [];

    public partial string[] SigningKeyPath { get; set; }
    public partial string[] SignBy { get; set; }
    public partial string? SignIdentity { get; set; }
    public partial SignatureFormat SignatureFormat { get; set; }
    public partial SecureString? Passphrase { get; set; }
    public partial string? PassphrasePath { get; set; }
    public partial string? RegistriesDirectory { get; set; }
    public partial PSCredential? Credential { get; set; }
    public partial SecureString? Token { get; set; }
    public partial SwitchParameter Anonymous { get; set; }

    private protected override EngineOptions CreateOptions() =>
        base.CreateOptions() with { RegistriesDirectoryPath = _registriesDirectory, DestinationBlobPath = _blobs };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _registriesDirectory = FullPath(RegistriesDirectory);
        _blobs = FullPath(SourceBlobPath);
        if (GivenSigning is not { } asked)
        {
            var failure = new PSArgumentException("Say who signs: -SigningKeyPath with key files, or -SignBy with keys of gpg.");
            ThrowTerminatingError(new ErrorRecord(failure, "OciTrustInvalid", ErrorCategory.InvalidArgument, null));
            return;
        }

        _signing = new SigningKeys(this, CreateOptions, Run).Open(asked, Passphrase);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var (reference, input) in ReadLocations(Reference))
        {
            Ask(reference, input, GivenLogin, (engine, writer, token) => engine.SignAsync(
                reference.WithDefaultTag(),
                _signing,
                count => writer.ShouldProcessAsync(reference.ToString(), Describe(count)),
                row => writer.WriteObjectAsync(row),
                token));
        }
    }

    private string Describe(int count) =>
        $"Add {count} {(count == 1 ? "signature" : "signatures")} by {string.Join(", ", _signing.Signers.Select(s => s.Name))}";
}
