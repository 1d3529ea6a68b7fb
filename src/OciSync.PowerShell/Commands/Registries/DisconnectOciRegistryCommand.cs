using System.Management.Automation;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.Logins;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands.Registries;

/// <summary>Forgets logins and settings of registries: the session's first, then what is stored.</summary>
[Cmdlet(
    VerbsCommunications.Disconnect, "OciRegistry", HelpUri = HelpPages.Folder + "Disconnect-OciRegistry.md",
    DefaultParameterSetName = RegistrySet, SupportsShouldProcess = true)]
public sealed class DisconnectOciRegistryCommand : OciCmdlet
{
    private const string RegistrySet = "Registry";
    private const string AllSet = "All";

    /// <summary>The registries.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = RegistrySet)]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string[] Registry { get; set; } = [];

    /// <summary>All registries of this session, and the logins it has stored.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AllSet)]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var registry in All ? Sessions.Registries : Registry)
        {
            try
            {
                var key = OciEngine.ResolveKey(registry);
                Run((writer, token) => DisconnectAsync(registry, key, writer, token));
            }
            catch (OciException e)
            {
                WriteError(ErrorRecords.Create(e, registry));
            }
        }
    }

    private async Task DisconnectAsync(string registry, string key, PipelineWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            var known = Sessions.IsKnown(key);
            var isStored = !known || Sessions.FindSavedPlace(key) is not null;
            var action = isStored ? "Remove the stored login" : "Forget the login and settings of this session";
            if (!await writer.ShouldProcessAsync(registry, action).ConfigureAwait(false))
            {
                return;
            }

            Sessions.Remove(key);
            var store = new LoginStore(CreateOptions(), TellDecisions(writer));
            if (isStored)
            {
                var place = await store.RemoveAsync(key, cancellationToken).ConfigureAwait(false);
                writer.WriteVerbose(place is null ? $"'{registry}' was not connected." : $"The login at '{key}' was removed from {place}.");
            }

            await TellRestAsync(registry, key, isStored, store, writer, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            await writer.WriteErrorAsync(ErrorRecords.Create(e, registry)).ConfigureAwait(false);
        }
    }

    // What still logs in there: another tool's, or one that was stored before this session.
    private static async Task TellRestAsync(
        string registry, string key, bool isStored, LoginStore store, PipelineWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.FindAsync(key, cancellationToken).ConfigureAwait(false) is not { } rest)
            {
                return;
            }

            if (isStored)
            {
                writer.WriteWarning(
                    $"'{registry}' still has a login, of '{rest.Username}', in {rest.Place}. It is not OciSync's to remove: use the tool that made it "
                    + "(docker logout, skopeo logout, podman logout), or name the file with -AuthFilePath.");
                return;
            }

            writer.WriteVerbose($"The session's login at '{registry}' is forgotten; from now on the one of '{rest.Username}' in {rest.Place} is used.");
        }
        catch (OciException e)
        {
            writer.WriteVerbose(e.Message);
        }
    }
}
