using System.Management.Automation;
using System.Security;
using OciSync.Core.Flow;
using OciSync.Core.Trust;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands.Signing;

/// <summary>The signatures that lie beside images, with what they say of themselves; nothing is checked.</summary>
[Cmdlet(VerbsCommon.Get, "OciSignature", HelpUri = HelpPages.Folder + "Get-OciSignature.md")]
[OutputType(typeof(OciSignature))]
[SharedParameters(typeof(SignaturePlaceParameters))]
[SharedParameters(typeof(LoginParameters))]
public sealed partial class GetOciSignatureCommand : ImageCmdlet
{
    private string? _registriesDirectory;

    /// <summary>The images, in registries or elsewhere.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [AllowEmptyString]
    public string[] Reference { get; set; } = [];

    public partial string? RegistriesDirectory { get; set; }
    public partial PSCredential? Credential { get; set; }
    public partial SecureString? Token { get; set; }
    public partial SwitchParameter Anonymous { get; set; }

    private protected override EngineOptions CreateOptions() => base.CreateOptions() with { RegistriesDirectoryPath = _registriesDirectory };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _registriesDirectory = FullPath(RegistriesDirectory);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var (reference, input) in ReadLocations(Reference))
        {
            Ask(reference, input, GivenLogin, async (engine, writer, token) =>
            {
                foreach (var signature in await engine.ReadSignaturesAsync(reference.WithDefaultTag(), token).ConfigureAwait(false))
                {
                    await writer.WriteObjectAsync(signature).ConfigureAwait(false);
                }
            });
        }
    }
}
