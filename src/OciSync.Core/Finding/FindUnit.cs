namespace OciSync.Core.Finding;

/// <summary>A piece of work: a file, a stretch of a long one, or a chart. Units are worked on at the same time, and told in their order.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Read">Reads it; fails only with an <see cref="Errors.OciException"/>.</param>
internal sealed record FindUnit(string Path, Func<CancellationToken, FindOutcome> Read);
