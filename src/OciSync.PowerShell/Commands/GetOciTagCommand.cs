using System.Management.Automation;
using System.Security;
using OciSync.Core;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Tags;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Pipeline;

namespace OciSync.PowerShell.Commands;

/// <summary>The tags of repositories as objects, sorted from the oldest version to the newest.</summary>
[Cmdlet(VerbsCommon.Get, "OciTag")]
[OutputType(typeof(OciTag))]
public sealed class GetOciTagCommand : OciCmdlet
{
    /// <summary>The repository, such as registry.k8s.io/pause or alpine.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    [AllowEmptyString]
    public string[] Repository { get; set; } = [];

    /// <summary>Only tags that match one of these wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Include { get; set; } = [];

    /// <summary>No tag that matches one of these wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Exclude { get; set; } = [];

    /// <summary>The login for the repositories' registry.</summary>
    [Parameter]
    [Login]
    public PSCredential? Credential { get; set; }

    /// <summary>A bearer token that the registry itself takes.</summary>
    [Parameter]
    [Alias("RegistryToken")]
    public SecureString? Token { get; set; }

    /// <summary>No login, wherever there may be one.</summary>
    [Parameter]
    [Alias("NoCreds")]
    public SwitchParameter Anonymous { get; set; }

    private protected override bool IsAnonymous => Anonymous;

    private TagFilter _filter = new([], []);

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            _filter = new TagFilter(Include, Exclude);
        }
        catch (FormatException e)
        {
            ThrowTerminatingError(new ErrorRecord(e, "OciWildcardInvalid", ErrorCategory.InvalidArgument, null));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var (reference, input) in ReadReferences(Repository))
        {
            if (!reference.IsRepository)
            {
                var failure = new OciException(
                    OciErrorKind.ReferenceInvalid, $"'{input}' names one image; tags are listed of a repository, such as '{reference.Name}'.");
                WriteError(ErrorRecords.Create(failure, input));
                continue;
            }

            Ask(reference, input, Credentials.Choose(this, Credential, Token, Anonymous), (engine, writer, token) => ListAsync(engine, reference, writer, token));
        }
    }

    private async Task ListAsync(OciEngine engine, ImageReference repository, PipelineWriter writer, CancellationToken cancellationToken)
    {
        var names = await engine.ListTagsAsync(repository, cancellationToken).ConfigureAwait(false);
        var list = TagList.Create(repository, names);
        State.Seen.Add(repository, list.Tags.Select(t => t.Tag));
        foreach (var remark in list.Remarks)
        {
            writer.WriteVerbose($"{repository}: {remark}");
        }

        foreach (var tag in _filter.Apply(list.Tags))
        {
            await writer.WriteObjectAsync(tag).ConfigureAwait(false);
        }
    }
}
