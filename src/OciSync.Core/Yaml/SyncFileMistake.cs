using OciSync.Core.Text;

namespace OciSync.Core.Yaml;

/// <summary>Something wrong in a sync file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record SyncFileMistake(string Path, int Line, int Column, string Message)
{
    /// <summary>What is wrong, and what would be right; fit to be shown.</summary>
    public string Message { get; init; } = Printable.Line(Message);

    /// <inheritdoc/>
    public override string ToString() => $"{Path}({Line},{Column}): {Message}";
}
