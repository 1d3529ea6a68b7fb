using OciSync.PowerShell.State;

namespace OciSync.PowerShell.Completion;

/// <summary>Images seen, and repositories to go on from.</summary>
public sealed class ReferenceCompleter : PlaceCompleter
{
    private protected override IEnumerable<string> FindNames() =>
        RunspaceState.Current.Seen.References.Concat(RunspaceState.Current.Seen.Repositories);
}
