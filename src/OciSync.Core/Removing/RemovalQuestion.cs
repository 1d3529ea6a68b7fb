namespace OciSync.Core.Removing;

/// <summary>What is about to be removed.</summary>
/// <param name="Reference">The image.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Others">Tags that would go with it.</param>
/// <param name="IsCertain">False where it isn't known yet whether they would, as nothing may be tried.</param>
public sealed record RemovalQuestion(string Reference, string Digest, IReadOnlyList<string> Others, bool IsCertain);
