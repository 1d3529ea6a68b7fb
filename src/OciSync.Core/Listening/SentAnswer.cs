namespace OciSync.Core.Listening;

/// <summary>What became of an answer.</summary>
/// <param name="Status">Its status code; 0 when none was sent.</param>
/// <param name="Bytes">How many bytes of its body went out.</param>
/// <param name="Duration">From the request to the end of the answer.</param>
/// <param name="IsWhole">Whether all of it went out.</param>
/// <param name="Fault">What went wrong here, for the log; null where nothing did, or the client went away.</param>
internal sealed record SentAnswer(int Status, long Bytes, TimeSpan Duration, bool IsWhole, string? Fault);
