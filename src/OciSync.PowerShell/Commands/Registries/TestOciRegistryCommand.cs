using System.Management.Automation;
using System.Security;
using OciSync.Core.Diagnosis;
using OciSync.Core.Engine;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands.Registries;

/// <summary>Goes the way to a registry step by step and says where it ends, and why.</summary>
[Cmdlet(VerbsDiagnostic.Test, "OciRegistry", HelpUri = HelpPages.Folder + "Test-OciRegistry.md")]
[OutputType(typeof(OciRegistryCheck), typeof(bool))]
[SharedParameters(typeof(LoginParameters))]
public sealed partial class TestOciRegistryCommand : OciCmdlet
{
    /// <summary>The registry, or a repository of it, which is then read: host[:port][/repository[:tag]].</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string[] Registry { get; set; } = [];

    public partial PSCredential? Credential { get; set; }
    public partial SecureString? Token { get; set; }
    public partial SwitchParameter Anonymous { get; set; }

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
        var login = GivenLogin;
        foreach (var registry in Registry)
        {
            try
            {
                var place = registry.Trim().TrimEnd('/');
                var name = place.Contains('/') ? ImageReference.Parse(place).Registry : place;
                Ask(name, registry, login, (engine, writer, token) => TestAsync(engine, registry, writer, token));
            }
            catch (ReferenceException e)
            {
                WriteError(ErrorRecords.Create(e, registry));
            }
        }
    }

    private async Task TestAsync(OciEngine engine, string registry, PipelineWriter writer, CancellationToken cancellationToken)
    {
        var isGood = true;
        await engine.DiagnoseAsync(
            registry,
            Push,
            row =>
            {
                isGood &= row.Result != "Failed";
                return Quiet ? Task.CompletedTask : writer.WriteObjectAsync(row);
            },
            cancellationToken).ConfigureAwait(false);
        if (Quiet)
        {
            await writer.WriteObjectAsync(isGood).ConfigureAwait(false);
        }
    }
}
