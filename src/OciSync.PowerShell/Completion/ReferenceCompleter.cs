namespace OciSync.PowerShell.Completion;

/// <summary>Images seen, and repositories to go on from.</summary>
public sealed class ReferenceCompleter : NameCompleter
{
    private protected override IEnumerable<string> FindNames() => State.RunspaceState.Current.References;
}
