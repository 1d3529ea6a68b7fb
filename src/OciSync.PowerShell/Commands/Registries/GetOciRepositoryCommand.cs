using System.Management.Automation;
using System.Security;
using OciSync.Core.Engine;
using OciSync.Core.Inspection;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands.Registries;

/// <summary>The repositories of a registry, or of a namespace in it.</summary>
[Cmdlet(VerbsCommon.Get, "OciRepository", HelpUri = HelpPages.Folder + "Get-OciRepository.md")]
[OutputType(typeof(OciRepository))]
[SharedParameters(typeof(LoginParameters))]
public sealed partial class GetOciRepositoryCommand : OciCmdlet
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

    public partial PSCredential? Credential { get; set; }
    public partial SecureString? Token { get; set; }
    public partial SwitchParameter Anonymous { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Ask(Registry.Trim().Split('/')[0], Registry, GivenLogin, ListAsync);

    private async Task ListAsync(OciEngine engine, PipelineWriter writer, CancellationToken cancellationToken)
    {
        foreach (var repository in await engine.ListRepositoriesAsync(
            Registry, Lists.Given(Include), Lists.Given(Exclude), cancellationToken).ConfigureAwait(false))
        {
            State.Seen.AddRepository(repository.Registry, repository.Reference);
            await writer.WriteObjectAsync(repository).ConfigureAwait(false);
        }
    }
}
