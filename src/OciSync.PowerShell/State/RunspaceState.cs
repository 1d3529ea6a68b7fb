using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using OciSync.Core.Connections;
using OciSync.Core.References;

namespace OciSync.PowerShell.State;

/// <summary>What a runspace remembers: its logins and connection settings, and the names it has seen. It goes with the runspace.</summary>
internal sealed class RunspaceState
{
    private const int NamesKept = 5_000;

    private static readonly ConditionalWeakTable<Runspace, RunspaceState> States = new();

    private readonly object _lock = new();
    private readonly HashSet<string> _registries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _repositories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _references = new(StringComparer.Ordinal);

    /// <summary>The state of the runspace this thread works for.</summary>
    internal static RunspaceState Current =>
        Runspace.DefaultRunspace is { } runspace ? States.GetValue(runspace, _ => new RunspaceState()) : new RunspaceState();

    internal RegistrySessions Sessions { get; } = new();

    internal IReadOnlyCollection<string> Registries => Copy(_registries).Union(Sessions.Registries).ToList();

    internal IReadOnlyCollection<string> Repositories => Copy(_repositories);

    internal IReadOnlyCollection<string> References => Copy(_references).Concat(Copy(_repositories)).ToList();

    internal void Remember(ImageReference reference)
    {
        Add(_registries, reference.Registry);
        Add(_repositories, reference.Name);
        if (!reference.IsRepository)
        {
            Add(_references, reference.ToString());
        }
    }

    internal void Remember(ImageReference repository, IEnumerable<string> tags)
    {
        foreach (var tag in tags)
        {
            Add(_references, repository.Name + ":" + tag);
        }
    }

    private void Add(HashSet<string> names, string name)
    {
        lock (_lock)
        {
            if (names.Count < NamesKept)
            {
                names.Add(name);
            }
        }
    }

    private List<string> Copy(HashSet<string> names)
    {
        lock (_lock)
        {
            return [.. names];
        }
    }
}
