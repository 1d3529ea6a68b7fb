namespace OciSync.Core.Signing.Stores;

/// <summary>A text of a settings file, and where it stands.</summary>
/// <param name="Text">The text.</param>
/// <param name="Path">The file; null for what holds where no file says anything.</param>
/// <param name="Line">The line, from 1.</param>
internal sealed record PlacedText(string Text, string? Path, int Line)
{
    /// <summary>The place for a message, such as <c>'/etc/containers/registries.d/a.yaml', line 3</c>.</summary>
    internal string Place => Path is null ? "the default" : $"'{Path}', line {Line}";
}
