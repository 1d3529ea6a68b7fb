namespace OciSync.Core.Auth;

/// <summary>Reads <c>WWW-Authenticate</c> values: several headers, several challenges in one, quoted strings with escapes.</summary>
internal static class ChallengeParser
{
    internal static List<Challenge> Parse(IEnumerable<string> headers)
    {
        var challenges = new List<Challenge>();
        foreach (var header in headers)
        {
            ParseHeader(header, challenges);
        }

        return challenges;
    }

    private static void ParseHeader(string header, List<Challenge> challenges)
    {
        var position = 0;
        Dictionary<string, string>? parameters = null;
        while (position < header.Length)
        {
            position = SkipSeparators(header, position);
            var word = ReadToken(header, ref position);
            if (word.Length == 0)
            {
                position++;
                continue;
            }

            var next = SkipBlanks(header, position);
            if (next < header.Length && header[next] == '=' && parameters is not null)
            {
                position = SkipBlanks(header, next + 1);
                parameters[word] = ReadValue(header, ref position);
                continue;
            }

            parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            challenges.Add(new Challenge(word, parameters));
        }
    }

    private static string ReadToken(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && text[position] is not (' ' or '\t' or ',' or '=' or '"'))
        {
            position++;
        }

        return text.Substring(start, position - start);
    }

    private static string ReadValue(string text, ref int position)
    {
        if (position >= text.Length || text[position] != '"')
        {
            return ReadToken(text, ref position);
        }

        var value = new System.Text.StringBuilder();
        for (position++; position < text.Length && text[position] != '"'; position++)
        {
            if (text[position] == '\\' && position + 1 < text.Length)
            {
                position++;
            }

            value.Append(text[position]);
        }

        position++;
        return value.ToString();
    }

    private static int SkipBlanks(string text, int position)
    {
        while (position < text.Length && text[position] is ' ' or '\t')
        {
            position++;
        }

        return position;
    }

    private static int SkipSeparators(string text, int position)
    {
        while (position < text.Length && text[position] is ' ' or '\t' or ',')
        {
            position++;
        }

        return position;
    }
}
