namespace OciSync.Core.Yaml;

/// <summary>One string for each of the keys that documents have in common, so that not every document has its own.</summary>
internal static class KnownKeys
{
    private const int Longest = 40;
    private const int Places = 2048;

    // Which key has a place changes, and may change under the eyes of another thread; what is in it is always a whole key.
    private static readonly string?[] Keys = new string?[Places];

    /// <summary>The text of a stretch.</summary>
    internal static string Of(string text, int start, int length)
    {
        if (length > Longest)
        {
            return text.Substring(start, length);
        }

        var hash = (uint)length;
        for (var i = start; i < start + length; i++)
        {
            hash = (hash * 31) + text[i];
        }

        var place = (hash ^ (hash >> 11)) % Places;
        var known = Keys[place];
        return known is not null && known.AsSpan().SequenceEqual(text.AsSpan(start, length)) ? known : Keys[place] = text.Substring(start, length);
    }
}
