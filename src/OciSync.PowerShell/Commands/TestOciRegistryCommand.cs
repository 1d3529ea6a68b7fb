using System.Management.Automation;
using OciSync.Core;
using OciSync.Core.Auth;
using OciSync.Core.Diagnosis;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Pipeline;

namespace OciSync.PowerShell.Commands;

/// <summary>Goes the way to a registry step by step and says where it ends, and why.</summary>
[Cmdlet(VerbsDiagnostic.Test, "OciRegistry")]
[OutputType(typeof(OciRegistryCheck), typeof(bool))]
public sealed class TestOciRegistryCommand : OciCmdlet
{
    /// <summary>The registry, or a repository of it, which is then read: host[:port][/repository[:tag]].</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string[] Registry { get; set; } = [];

    /// <summary>The login to test with.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Also starts an upload to the repository, and cancels it.</summary>
    [Parameter]
    public SwitchParameter Push { get; set; }

    /// <summary>Gives true or false in place of the steps.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    // A diagnosis tells of the first failure; it doesn't wait for a better one.
    private protected override EngineOptions CreateOptions() => base.CreateOptions() with
    {
        MaximumRetryCount = MyInvocation.BoundParameters.ContainsKey(nameof(MaximumRetryCount)) ? MaximumRetryCount : 0,
    };

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var registry in Registry)
        {
            Run((writer, token) => TestAsync(registry, writer, token));
        }
    }

    private async Task TestAsync(string registry, PipelineWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            using var engine = CreateEngine(TellDecisions(writer), FindCredentials(registry), cancellationToken);
            var rows = new List<OciRegistryCheck>();
            await engine.DiagnoseAsync(registry, Push, rows.Add, cancellationToken).ConfigureAwait(false);
            if (Quiet)
            {
                await writer.WriteObjectAsync(rows.TrueForAll(r => r.Result != "Failed")).ConfigureAwait(false);
                return;
            }

            foreach (var row in rows)
            {
                await writer.WriteObjectAsync(row).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            await writer.WriteErrorAsync(ErrorRecords.Create(e, registry)).ConfigureAwait(false);
        }
    }

    private Dictionary<string, RegistryCredential> FindCredentials(string registry)
    {
        var credentials = new Dictionary<string, RegistryCredential>();
        if (Credential is not null)
        {
            credentials.Add(registry.Contains('/') ? ImageReference.Parse(registry).Registry : registry, Credentials.From(Credential));
        }

        return credentials;
    }
}
