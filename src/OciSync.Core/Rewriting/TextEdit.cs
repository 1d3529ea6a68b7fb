namespace OciSync.Core.Rewriting;

/// <summary>A stretch of a text and what comes in its place.</summary>
/// <param name="Start">Where, in UTF-16 units from the start of the text; a byte order mark is not counted.</param>
/// <param name="Length">How many of them go.</param>
/// <param name="Text">What comes.</param>
internal sealed record TextEdit(int Start, int Length, string Text)
{
    /// <summary>Applies edits that don't overlap, in the order of their places.</summary>
    internal static string Apply(string text, IEnumerable<TextEdit> edits)
    {
        foreach (var edit in edits.OrderByDescending(e => e.Start).ThenByDescending(e => e.Length))
        {
            text = text.Substring(0, edit.Start) + edit.Text + text.Substring(edit.Start + edit.Length);
        }

        return text;
    }

    /// <summary>They can't both be done: one stretch for two texts, or stretches that overlap.</summary>
    internal bool Conflicts(TextEdit other) => this != other
        && (Start == other.Start && Length == other.Length
            ? Length > 0 || Text != other.Text
            : Start < other.Start + other.Length && other.Start < Start + Length);
}
