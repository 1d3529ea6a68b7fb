namespace OciSync.Core.Registry;

/// <summary>
/// The <c>Link</c> header (RFC 8288, 3): several links in one header or in several, each with parameters whose quoted values may hold
/// anything, commas, brackets and the words of other parameters included.
/// </summary>
internal static class LinkHeader
{
    /// <summary>The target of the first link of a relation, as it was sent; null when there is none.</summary>
    internal static string? Find(IEnumerable<string> headers, string relation) =>
        headers.SelectMany(Read).Where(l => Has(l.Relations, relation)).Select(l => l.Target).FirstOrDefault();

    private static bool Has(string relations, string relation) =>
        relations.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Contains(relation, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<(string Target, string Relations)> Read(string header)
    {
        for (var at = header.IndexOf('<'); at >= 0;)
        {
            var close = header.IndexOf('>', at);
            if (close < 0)
            {
                yield break;
            }

            var target = header.Substring(at + 1, close - at - 1);
            at = close + 1;
            var relations = ReadRelations(header, ref at);
            yield return (target, relations);
            at = at < header.Length ? header.IndexOf('<', at) : -1;
        }
    }

    // The parameters up to the comma before the next link. Of several "rel" the first counts (RFC 8288, 3.3).
    private static string ReadRelations(string header, ref int at)
    {
        string? relations = null;
        while (at < header.Length && header[at] != ',')
        {
            if (header[at] is ';' or ' ' or '\t')
            {
                at++;
                continue;
            }

            var name = ReadToken(header, ref at);
            SkipBlanks(header, ref at);
            var value = string.Empty;
            if (at < header.Length && header[at] == '=')
            {
                at++;
                SkipBlanks(header, ref at);
                value = ReadValue(header, ref at);
            }
            else if (name.Length == 0)
            {
                at++;
            }

            relations ??= string.Equals(name, "rel", StringComparison.OrdinalIgnoreCase) ? value : null;
        }

        return relations ?? string.Empty;
    }

    private static void SkipBlanks(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }
    }

    private static string ReadToken(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && text[at] is not (';' or ',' or '=' or '"' or ' ' or '\t'))
        {
            at++;
        }

        return text.Substring(start, at - start);
    }

    private static string ReadValue(string text, ref int at)
    {
        if (at >= text.Length || text[at] != '"')
        {
            return ReadToken(text, ref at);
        }

        var value = new System.Text.StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            value.Append(text[at]);
        }

        at++;
        return value.ToString();
    }
}
