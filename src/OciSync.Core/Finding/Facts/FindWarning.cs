using OciSync.Core.Text;

namespace OciSync.Core.Finding.Facts;

/// <summary>What could not be read, or is likely a mistake in a file; the search goes on.</summary>
/// <param name="File">The file, or null for what came down the pipeline.</param>
/// <param name="Line">The line, from 1; 0 where the file as a whole is meant.</param>
/// <param name="Column">The column, from 1; 0 as before.</param>
/// <param name="Message">What is wrong.</param>
public sealed record FindWarning(string? File, int Line, int Column, string Message)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Printable.Line((File ?? "The input") + (Line > 0 ? $"({Line},{Column})" : string.Empty) + ": " + Message);
}
