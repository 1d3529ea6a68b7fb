namespace OciSync.Core.Tags;

/// <summary>
/// PowerShell's wildcards: <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[a-z]</c>, and a backtick before a character that is meant as itself. Case
/// doesn't count. The time is at most the product of both lengths.
/// </summary>
internal sealed class WildcardPattern
{
    private readonly List<Func<char, bool>?> _steps = [];

    internal WildcardPattern(string pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            _steps.Add(pattern[i] switch
            {
                '*' => null,
                '?' => _ => true,
                '[' when pattern.IndexOf(']', i + 1) > i + 1 => ReadSet(pattern, ref i),
                '`' when i + 1 < pattern.Length => Same(pattern[++i]),
                _ => Same(pattern[i]),
            });
        }
    }

    internal bool IsMatch(string text)
    {
        int step = 0, position = 0, star = -1, resume = 0;
        while (position < text.Length)
        {
            if (step < _steps.Count && _steps[step] is null)
            {
                star = step++;
                resume = position;
            }
            else if (step < _steps.Count && _steps[step]!(char.ToLowerInvariant(text[position])))
            {
                step++;
                position++;
            }
            else if (star >= 0)
            {
                step = star + 1;
                position = ++resume;
            }
            else
            {
                return false;
            }
        }

        return _steps.Skip(step).All(s => s is null);
    }

    private static Func<char, bool> Same(char wanted)
    {
        var lower = char.ToLowerInvariant(wanted);
        return c => c == lower;
    }

    private static Func<char, bool> ReadSet(string pattern, ref int position)
    {
        var end = pattern.IndexOf(']', position + 1);
        var set = pattern.Substring(position + 1, end - position - 1).ToLowerInvariant();
        position = end;
        return c =>
        {
            for (var i = 0; i < set.Length; i++)
            {
                var isRange = i + 2 < set.Length && set[i + 1] == '-';
                if (isRange ? c >= set[i] && c <= set[i + 2] : c == set[i])
                {
                    return true;
                }

                i += isRange ? 2 : 0;
            }

            return false;
        };
    }
}
