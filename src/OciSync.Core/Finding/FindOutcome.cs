using OciSync.Core.Errors;
using OciSync.Core.Finding.Facts;

namespace OciSync.Core.Finding;

/// <summary>What came of a file, or of a part of it.</summary>
public sealed class FindOutcome
{
    /// <summary>The file, or null for what came down the pipeline.</summary>
    public string? Path { get; init; }

    /// <summary>The images, in the order of the file.</summary>
    public IReadOnlyList<OciFoundImage> Images { get; init; } = [];

    /// <summary>What could not be read, or is likely a mistake.</summary>
    public IReadOnlyList<FindWarning> Warnings { get; init; } = [];

    /// <summary>Why the file, or something in it, isn't searched at all.</summary>
    public IReadOnlyList<OciException> Failures { get; init; } = [];

    /// <summary>What may be of interest: that a file is of no known kind, or a link is not followed.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether there was a document of a known kind.</summary>
    public bool IsKnown { get; init; }
}
