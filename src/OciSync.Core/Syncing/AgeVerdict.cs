namespace OciSync.Core.Syncing;

/// <summary>Whether an image is old enough for a destination.</summary>
/// <param name="Reason">Why it is held back; null when it is taken.</param>
/// <param name="Due">When it is old enough.</param>
/// <param name="IsThere">The destination has the tag, whatever it points to there.</param>
internal sealed record AgeVerdict(string? Reason, DateTimeOffset? Due, bool IsThere)
{
    internal static readonly AgeVerdict Old = new(null, null, false);

    internal bool IsHeld => Reason is not null;
}
