using OciSync.PowerShell.State;

namespace OciSync.PowerShell.Completion;

/// <summary>Registries seen or logged in to.</summary>
public sealed class RegistryCompleter : NameCompleter
{
    private protected override IEnumerable<string> FindNames() =>
        RunspaceState.Current.Seen.Registries.Union(RunspaceState.Current.Sessions.Registries);
}
