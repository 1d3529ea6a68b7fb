namespace OciSync.Core.Yaml;

/// <summary>What was probably meant by a misspelt word.</summary>
internal static class Spelling
{
    /// <summary>The word that differs in the fewest letters, if few do; else null.</summary>
    internal static string? Nearest(string text, IEnumerable<string> words)
    {
        if (text.Length > 40)
        {
            return null;
        }

        var best = words.Select(w => (Word: w, Distance: Distance(text.ToLowerInvariant(), w.ToLowerInvariant())))
            .OrderBy(p => p.Distance).FirstOrDefault();
        return best.Word is not null && best.Distance <= Math.Max(1, best.Word.Length / 3) ? best.Word : null;
    }

    // Letters to insert, remove or change (Levenshtein).
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var changed = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
