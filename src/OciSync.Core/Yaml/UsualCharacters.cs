namespace OciSync.Core.Yaml;

/// <summary>The characters of documents that <see cref="UsualYaml"/> reads.</summary>
internal static class UsualCharacters
{
    private const string Signs = "?[{#&*!|>'\"%@`";

    private static readonly bool[] AreSigns = Enumerable.Range(0, 128).Select(c => Signs.IndexOf((char)c) >= 0).ToArray();

    /// <summary>Whether a character means something to YAML in some place, other than dash, colon, comma and closing bracket.</summary>
    internal static bool IsSign(char c) => c < 128 && AreSigns[c];

    /// <summary>
    /// Whether a stretch has nothing but letters, blanks, and ends of lines that all readers take for such: no tabs, no control characters, no
    /// byte order mark, no surrogates, none of the line ends that YAML 1.1 alone knows.
    /// </summary>
    internal static bool Are(string text, int start, int length)
    {
        var end = start + length;
        for (var i = start; i < end; i++)
        {
            var c = text[i];
            if (c is (< ' ' or > '~') and not '\n' && !IsUsual(text, i, end))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsUsual(string text, int at, int end) =>
        text[at] == '\r' ? at + 1 < end && text[at + 1] == '\n' : text[at] is >= '\u00A0' and < '\uD800' and not ('\u2028' or '\u2029');
}
