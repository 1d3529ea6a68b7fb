using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using OciSync.Core.Logins;

namespace OciSync.PowerShell.State;

/// <summary>
/// What the module remembers for one runspace: logins and connection settings, the names it has seen, and the servers it runs. It lives as long as the
/// runspace does, survives a forced import, and is seen by no other runspace.
/// </summary>
internal sealed class RunspaceState(Runspace runspace)
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceState> States = new();

    /// <summary>The state of the runspace that the calling thread, a pipeline thread, works for.</summary>
    internal static RunspaceState Current =>
        For(Runspace.DefaultRunspace ?? throw new InvalidOperationException("This thread belongs to no runspace."));

    internal RegistrySessions Sessions { get; } = new();

    internal SeenNames Seen { get; } = new();

    internal RunningServers Servers { get; } = new(runspace);

    internal static RunspaceState For(Runspace runspace) => States.GetValue(runspace, r => new RunspaceState(r));
}
