using System.Management.Automation;
using System.Security;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Tags;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands;

/// <summary>The tags of repositories as objects, sorted from the oldest version to the newest.</summary>
[Cmdlet(VerbsCommon.Get, "OciTag", HelpUri = HelpPages.Folder + "Get-OciTag.md")]
[OutputType(typeof(OciTag))]
[SharedParameters(typeof(LoginParameters))]
public sealed partial class GetOciTagCommand : ImageCmdlet
{
    /// <summary>The repository, such as registry.k8s.io/pause or alpine.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    [AllowEmptyString]
    public string[] Repository { get; set; } = [];

    /// <summary>The registry, for repositories that are given without one.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string? Registry { get; set; }

    /// <summary>Tags that are left out come too, each with its DropReason.</summary>
    [Parameter]
    public SwitchParameter Explain { get; set; }

    public partial PSCredential? Credential { get; set; }
    public partial SecureString? Token { get; set; }
    public partial SwitchParameter Anonymous { get; set; }

    private TagSelector? _selector;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (UnquotedVersion.Find(MyInvocation) is { } unquoted)
        {
            ThrowTerminatingError(ErrorRecords.Create(unquoted, null));
        }

        _selector = Choices.Read(this, Choice);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var (reference, input) in Repository.Select(AddRegistry).SelectMany(ReadPlace))
        {
            if (!reference.IsRepository && reference.Transport is not (ImageTransport.Dir or ImageTransport.DockerDaemon or ImageTransport.Tarball))
            {
                var repository = HostSlip.Find(input) is null ? reference.PlaceName : input + "/repository";
                var failure = new OciException(
                    OciErrorKind.ReferenceInvalid, $"'{input}' names one image; tags are listed of a repository, such as '{repository}'.");
                WriteError(ErrorRecords.Create(failure, input));
                continue;
            }

            Ask(reference, input, GivenLogin, (engine, writer, token) => ListAsync(engine, reference, writer, token));
        }
    }

    // The Docker engine has a list of images, and alone names none.
    private IEnumerable<(ImageLocation Location, string Input)> ReadPlace(string text) =>
        text?.Trim() == ImageLocation.DockerEngine.ToString() ? [(ImageLocation.DockerEngine, text)] : ReadLocations([text!]);

    // Tags and repositories that come through the pipeline have their registry in a property of its own.
    private string AddRegistry(string repository) =>
        string.IsNullOrEmpty(Registry)
            || string.IsNullOrWhiteSpace(repository)
            || ImageLocation.HasTransport(repository)
            || repository.StartsWith(Registry + "/", StringComparison.OrdinalIgnoreCase) ? repository : Registry + "/" + repository;

    private async Task ListAsync(OciEngine engine, ImageLocation repository, PipelineWriter writer, CancellationToken cancellationToken)
    {
        var chosen = await engine.ChooseTagsAsync(repository, _selector!, cancellationToken).ConfigureAwait(false);
        if (repository.Image is { } image)
        {
            State.Seen.Add(image, chosen.All.Select(t => t.Tag));
        }

        foreach (var remark in chosen.Remarks)
        {
            writer.WriteVerbose($"{repository}: {remark}");
        }

        foreach (var tag in chosen.All)
        {
            if (tag.DropReason is null || Explain)
            {
                await writer.WriteObjectAsync(tag).ConfigureAwait(false);
            }
            else
            {
                writer.WriteVerbose($"{tag.Reference} is left out: {tag.DropReason}.");
            }
        }
    }
}
