using System.Management.Automation;
using System.Security;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Removing;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands;

/// <summary>Removes images from registries and from OCI layouts.</summary>
[Cmdlet(
    VerbsCommon.Remove, "OciImage", HelpUri = HelpPages.Folder + "Remove-OciImage.md",
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(OciRemovedImage))]
[SharedParameters(typeof(LoginParameters))]
public sealed partial class RemoveOciImageCommand : OciCmdlet
{
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly Confirmation _confirmation;
    private bool _isAboutOthers;
    private string? _sourceBlobs;

    /// <summary>Makes the command.</summary>
    public RemoveOciImageCommand() => _confirmation = new Confirmation(this);

    /// <summary>The images, each with a tag, a digest or a name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [AllowEmptyString]
    public string[] Reference { get; set; } = [];

    /// <summary>Asks nothing, even where other tags go with the image.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    public partial PSCredential? Credential { get; set; }
    public partial SecureString? Token { get; set; }
    public partial SwitchParameter Anonymous { get; set; }

    /// <summary>The folder that oci: layouts share their blobs in; what is there stays, as other layouts may need it.</summary>
    [Parameter]
    [Alias("SrcSharedBlobDir")]
    public string? SourceBlobPath { get; set; }

    private protected override EngineOptions CreateOptions() => base.CreateOptions() with { SourceBlobPath = _sourceBlobs };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _sourceBlobs = FullPath(SourceBlobPath);
        _confirmation.RequireHost(Force, IsWhatIf, "Remove-OciImage");
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var (reference, input) in ReadLocations(Reference))
        {
            if (_gone.Contains(reference.ToString()))
            {
                WriteVerbose($"'{reference}' has gone with another tag of its digest.");
                continue;
            }

            var isWhatIf = IsWhatIf;
            try
            {
                Ask(reference, input, GivenLogin, async (engine, writer, token) =>
                {
                    var removed = await engine.RemoveAsync(reference, isWhatIf, q => ConfirmAsync(q, isWhatIf, writer), token).ConfigureAwait(false);
                    if (removed is not null)
                    {
                        _gone.UnionWith(removed.AlsoRemoved);
                        await writer.WriteObjectAsync(removed).ConfigureAwait(false);
                    }
                });
            }
            catch (Exception e) when (Confirmation.IsNobodyThere(e))
            {
                TellNobodyThere(input, e);
            }
        }
    }

    // Where -Confirm:$false was given the others go on; else nobody can be asked about any.
    private void TellNobodyThere(string input, Exception e)
    {
        if (!_isAboutOthers)
        {
            ThrowTerminatingError(ErrorRecords.Create(Confirmation.Required("Remove-OciImage", e), input));
        }

        WriteError(ErrorRecords.Create(
            new Core.Errors.OciException(
                Core.Errors.OciErrorKind.ConfirmationRequired,
                $"'{input}' was not removed: this registry deletes by digest only, other tags would go with it, and nobody can be asked. "
                    + "See which with -WhatIf, and confirm with -Force.",
                e),
            input));
    }

    private Task<bool> ConfirmAsync(RemovalQuestion question, bool isWhatIf, PipelineWriter writer)
    {
        var others = string.Join(", ", question.Others);
        _isAboutOthers = question.Others.Count > 0;
        if (isWhatIf)
        {
            var rest = !_isAboutOthers ? string.Empty
                : question.IsCertain ? $", with every tag of this digest: {others}"
                : $"; where the registry deletes by digest only, these tags would go too, after a confirmation: {others}";
            return writer.ShouldProcessAsync($"{question.Reference} ({Short(question.Digest)}){rest}", "Remove image");
        }

        if (Force && !_confirmation.IsWanted)
        {
            return Task.FromResult(true);
        }

        return _isAboutOthers
            ? writer.ShouldContinueAsync(
                $"'{question.Reference}' goes by its digest {question.Digest}, and with it every tag that points to it: {others}. Remove all of them?",
                "Remove images")
            : writer.ShouldProcessAsync($"{question.Reference} ({Short(question.Digest)})", "Remove image");
    }

    private static string Short(string digest) => digest.Substring(0, Math.Min(19, digest.Length));
}
