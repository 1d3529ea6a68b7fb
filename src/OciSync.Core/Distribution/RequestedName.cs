namespace OciSync.Core.Distribution;

/// <summary>The repository that a request names.</summary>
/// <param name="Prefix">What stands before <c>/v2/</c> in the path; often empty.</param>
/// <param name="Name">The repository.</param>
/// <param name="Registry">The registry that the client believes it asks (<c>ns</c>), or null.</param>
internal sealed record RequestedName(string Prefix, string Name, string? Registry)
{
    /// <summary>The names in the folder that are meant, the nearest first.</summary>
    internal IReadOnlyList<string> Candidates { get; } = NameCandidates.Of(Prefix, Name, Registry);
}
