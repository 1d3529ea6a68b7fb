using System.Globalization;
using System.Text;

namespace OciSync.Core.References;

/// <summary>Makes foreign text fit for a message: short, on one line, with no character that a terminal would act on.</summary>
internal static class Printable
{
    private const int MaxLength = 300;

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

    private static string CodePoint(char c) => "U+" + ((int)c).ToString("X4", CultureInfo.InvariantCulture);
}
