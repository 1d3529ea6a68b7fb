using System.Management.Automation;
using System.Security;
using OciSync.Core.Engine;
using OciSync.Core.Inspection;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Pipeline;

namespace OciSync.PowerShell.Commands;

/// <summary>The repositories of a registry, or of a namespace in it.</summary>
[Cmdlet(VerbsCommon.Get, "OciRepository", HelpUri = HelpPages.Folder + "Get-OciRepository.md")]
[OutputType(typeof(OciRepository))]
public sealed class GetOciRepositoryCommand : OciCmdlet
{
    /// <summary>The registry, or registry/namespace.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    [AllowEmptyString]
    public string Registry { get; set; } = string.Empty;

    /// <summary>Only repositories whose path matches one of these wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [NoBareNumber]
    public string[] Include { get; set; } = [];

    /// <summary>No repository whose path matches one of these wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [NoBareNumber]
    public string[] Exclude { get; set; } = [];

    /// <summary>The login for the registry.</summary>
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

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Ask(Registry.Trim().Split('/')[0], Registry, Credentials.Choose(this, Credential, Token, Anonymous), ListAsync);

    private async Task ListAsync(OciEngine engine, PipelineWriter writer, CancellationToken cancellationToken)
    {
        foreach (var repository in await engine.ListRepositoriesAsync(Registry, Lists.Given(Include), Lists.Given(Exclude), cancellationToken).ConfigureAwait(false))
        {
            State.Seen.AddRepository(repository.Registry, repository.Reference);
            await writer.WriteObjectAsync(repository).ConfigureAwait(false);
        }
    }
}
