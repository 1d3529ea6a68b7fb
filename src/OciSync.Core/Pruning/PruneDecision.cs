namespace OciSync.Core.Pruning;

/// <summary>What is decided of a tag that nobody has chosen.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="IsPruned">It goes.</param>
/// <param name="Reason">Why it stays, or what is to be known of its going.</param>
internal sealed record PruneDecision(PruneTag Tag, bool IsPruned, string Reason);
