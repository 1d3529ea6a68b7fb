using System.Globalization;
using System.Text;

namespace OciSync.Core.Text;

/// <summary>Makes foreign text fit for a message: short, on one line, with no character that a terminal would act on.</summary>
internal static class Printable
{
    private const int MaxLength = 300;
    private const int MaxLine = 4000;

    internal static string Text(string? text)
    {
        var source = text ?? string.Empty;
        var builder = new StringBuilder(Math.Min(source.Length, MaxLength) + 1);
        for (var i = 0; i < source.Length; i++)
        {
            if (builder.Length >= MaxLength)
            {
                return builder.Append('…').ToString();
            }

            builder.Append(Character(source, i));
            i += i + 1 < source.Length && char.IsSurrogatePair(source, i) ? 1 : 0;
        }

        return builder.ToString();
    }

    /// <summary>A message, or another text of several parts, on one line; it may be longer than one foreign name.</summary>
    internal static string Line(string text) => Clean(text, isLines: false);

    /// <summary>The same for a text whose line breaks and tabs are its own.</summary>
    internal static string Lines(string text) => Clean(text, isLines: true);

    /// <summary>The whole character at <paramref name="index"/>; one that can't be shown as its code point, <c>U+000A</c>.</summary>
    internal static string Character(string text, int index)
    {
        if (char.IsSurrogate(text[index]))
        {
            return index + 1 < text.Length && char.IsSurrogatePair(text, index) ? text.Substring(index, 2) : CodePoint(text[index]);
        }

        return CharUnicodeInfo.GetUnicodeCategory(text[index]) switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.NonSpacingMark => CodePoint(text[index]),
            _ => text[index].ToString(),
        };
    }

    private static string Clean(string text, bool isLines)
    {
        var first = 0;
        while (first < text.Length && IsHarmless(text, first, isLines))
        {
            first += char.IsSurrogatePair(text, first) ? 2 : 1;
        }

        if (first >= text.Length && (isLines || text.Length <= MaxLine))
        {
            return text;
        }

        var builder = new StringBuilder(text, 0, first, text.Length);
        for (var i = first; i < text.Length; i++)
        {
            var isPair = char.IsSurrogatePair(text, i);
            var shown = IsHarmless(text, i, isLines) ? text.Substring(i, isPair ? 2 : 1) : text[i] is '\r' or '\n' or '\t' ? " " : CodePoint(text[i]);
            builder.Append(shown);
            i += isPair ? 1 : 0;
        }

        return isLines || builder.Length <= MaxLine ? builder.ToString() : builder.ToString(0, MaxLine) + "…";
    }

    private static bool IsHarmless(string text, int index, bool isLines)
    {
        if (char.IsSurrogate(text[index]))
        {
            return char.IsSurrogatePair(text, index);
        }

        return text[index] is >= ' ' and <= '~' || (isLines && text[index] is ('\n' or '\t'))
            || CharUnicodeInfo.GetUnicodeCategory(text[index]) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
    }

    private static string CodePoint(char c) => "U+" + ((int)c).ToString("X4", CultureInfo.InvariantCulture);
}
