using OciSync.PowerShell.State;

namespace OciSync.PowerShell.Completion;

/// <summary>Repositories seen.</summary>
public sealed class RepositoryCompleter : PlaceCompleter
{
    private protected override IEnumerable<string> FindNames() =>
        RunspaceState.Current.Seen.Repositories;
}
