namespace OciSync.Core.Rewriting;

/// <summary>An image in a file, and what became of its name.</summary>
public sealed class OciChangedReference
{
    /// <summary>Changed, WouldChange, UpToDate (it leads to the mirror already), Skipped (the reason says why), or Restored, WouldRestore.</summary>
    public string Status { get; internal set; } = string.Empty;

    /// <summary>The file.</summary>
    public string File { get; internal init; } = string.Empty;

    /// <summary>The line, from 1.</summary>
    public int Line { get; internal init; }

    /// <summary>The way to the value.</summary>
    public string Location { get; internal init; } = string.Empty;

    /// <summary>The image by its whole name, or what is written where that can't be told.</summary>
    public string Source { get; internal init; } = string.Empty;

    /// <summary>Its name at the mirror, or null.</summary>
    public string? Mirror { get; internal init; }

    /// <summary>Why it was left as it is, or null.</summary>
    public string? Reason { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Status} {Source} -> {Mirror}";
}
