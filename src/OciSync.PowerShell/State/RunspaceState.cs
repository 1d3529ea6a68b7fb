using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace OciSync.PowerShell.State;

/// <summary>
/// What the module remembers for one runspace, by name. It lives as long as the runspace does, survives a forced import,
/// and is seen by no other runspace.
/// </summary>
internal sealed class RunspaceState
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceState> States = new();

    private readonly ConcurrentDictionary<string, Lazy<object>> _values = new(StringComparer.Ordinal);

    /// <summary>The state of the runspace that the calling thread, a pipeline thread, works for.</summary>
    internal static RunspaceState Current =>
        For(Runspace.DefaultRunspace ?? throw new InvalidOperationException("This thread belongs to no runspace."));

    internal static RunspaceState For(Runspace runspace) => States.GetValue(runspace, Create);

    /// <summary>The value of that name, made when it is asked for the first time.</summary>
    internal T GetOrAdd<T>(string name, Func<T> create)
        where T : class =>
        (T)_values.GetOrAdd(name, _ => new Lazy<object>(create)).Value;

    /// <summary>Forgets, and disposes, every value.</summary>
    internal void Clear()
    {
        foreach (var name in _values.Keys)
        {
            if (_values.TryRemove(name, out var value) && value.IsValueCreated)
            {
                (value.Value as IDisposable)?.Dispose();
            }
        }
    }

    private static RunspaceState Create(Runspace runspace)
    {
        var state = new RunspaceState();
        runspace.StateChanged += (_, change) =>
        {
            if (change.RunspaceStateInfo.State is System.Management.Automation.Runspaces.RunspaceState.Closed
                or System.Management.Automation.Runspaces.RunspaceState.Broken)
            {
                state.Clear();
            }
        };
        return state;
    }
}
