namespace OciSync.Core.MirrorFiles;

/// <summary>What a writer makes of routes for one file, before it is known whether the file is there.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">Its whole text, where nothing is there.</param>
internal sealed record MirrorDraft(string Path, string Text)
{
    /// <summary>The registries and repositories it is for.</summary>
    internal IReadOnlyList<string> Source { get; init; } = [];

    /// <summary>Where they come from.</summary>
    internal IReadOnlyList<string> Mirror { get; init; } = [];

    /// <summary>The text has a secret.</summary>
    internal bool IsSecret { get; init; }

    /// <summary>Puts it into the text of the file that is there; null where that is not safe.</summary>
    internal Func<string, string?> Merge { get; init; } = static _ => null;

    /// <summary>Another path that would be hidden by this one, or null.</summary>
    internal string? Hides { get; init; }
}
