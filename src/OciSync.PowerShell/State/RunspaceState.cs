using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using OciSync.Core.Logins;

namespace OciSync.PowerShell.State;

/// <summary>
/// What the module remembers for one runspace: logins and connection settings, and the names it has seen. It lives as long as the
/// runspace does, survives a forced import, and is seen by no other runspace.
/// </summary>
internal sealed class RunspaceState
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceState> States = new();

    /// <summary>The state of the runspace that the calling thread, a pipeline thread, works for.</summary>
    internal static RunspaceState Current =>
        For(Runspace.DefaultRunspace ?? throw new InvalidOperationException("This thread belongs to no runspace."));

    internal RegistrySessions Sessions { get; } = new();

    internal SeenNames Seen { get; } = new();

    internal static RunspaceState For(Runspace runspace) => States.GetValue(runspace, _ => new RunspaceState());
}
