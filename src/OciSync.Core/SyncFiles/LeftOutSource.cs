using OciSync.Core.Errors;

namespace OciSync.Core.SyncFiles;

/// <summary>A repository or image that a sync file is written without.</summary>
/// <param name="Reference">Its name.</param>
/// <param name="Reason">Why, in one line.</param>
/// <param name="Failure">What its registry said; null where nobody was asked.</param>
public sealed record LeftOutSource(string Reference, string Reason, OciException? Failure = null);
