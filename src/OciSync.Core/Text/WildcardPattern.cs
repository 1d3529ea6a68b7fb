using System.Text;

namespace OciSync.Core.Text;

/// <summary>
/// A wildcard with PowerShell's meaning (about_Wildcards): <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[abc]</c>, a backtick takes the next
/// character literally, and case does not count. Matching takes at most (text × pattern) steps, whatever the pattern.
/// </summary>
internal sealed class WildcardPattern
{
    private readonly List<Element> _elements = [];

    /// <exception cref="FormatException">A bracket is not closed, or a range runs backwards.</exception>
    internal WildcardPattern(string pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            _elements.Add(ReadElement(pattern, ref i));
        }
    }

    internal bool IsMatch(string text)
    {
        var (at, element, star, starAt) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (element < _elements.Count && _elements[element].Kind == Kind.Any)
            {
                (star, starAt) = (element++, at);
            }
            else if (element < _elements.Count && _elements[element].Matches(text[at]))
            {
                (at, element) = (at + 1, element + 1);
            }
            else if (star >= 0)
            {
                // Only the last star needs another try: what an earlier one could take, the last one can take too.
                (at, element) = (++starAt, star + 1);
            }
            else
            {
                return false;
            }
        }

        return _elements.Skip(element).All(e => e.Kind == Kind.Any);
    }

    private static Element ReadElement(string pattern, ref int i)
    {
        switch (pattern[i])
        {
            case '*':
                return new Element(Kind.Any, string.Empty);
            case '?':
                return new Element(Kind.One, string.Empty);
            case '[':
                return ReadSet(pattern, ref i);
            case '`' when i + 1 < pattern.Length:
                return Element.Literal(pattern[++i]);
            default:
                return Element.Literal(pattern[i]);
        }
    }

    // The members stand in pairs: first and last character of each range.
    private static Element ReadSet(string pattern, ref int i)
    {
        var members = new StringBuilder();
        var (first, start) = (i + 1, i);
        for (i++; i < pattern.Length && (pattern[i] != ']' || i == first); i++)
        {
            var low = ReadMember(pattern, ref i);
            var high = low;
            if (i + 2 < pattern.Length && pattern[i + 1] == '-' && pattern[i + 2] != ']')
            {
                i += 2;
                high = ReadMember(pattern, ref i);
            }

            if (Fold(low) > Fold(high))
            {
                throw new FormatException($"'{Printable.Text(pattern)}' is not a wildcard: the range at position {start + 1} runs backwards.");
            }

            members.Append(low).Append(high);
        }

        return i < pattern.Length
            ? new Element(Kind.Set, members.ToString())
            : throw new FormatException(
                $"'{Printable.Text(pattern)}' is not a wildcard: the '[' at position {start + 1} is not closed (write '`[' for a bracket).");
    }

    private static char ReadMember(string pattern, ref int i) => pattern[i] == '`' && i + 1 < pattern.Length ? pattern[++i] : pattern[i];

    private static char Fold(char c) => char.ToLowerInvariant(c);

    private enum Kind
    {
        Literal,
        One,
        Any,
        Set,
    }

    private readonly struct Element(Kind kind, string members)
    {
        internal Kind Kind { get; } = kind;

        internal static Element Literal(char c) => new(Kind.Literal, c.ToString());

        internal bool Matches(char c) => Kind switch
        {
            Kind.One => true,
            Kind.Literal => Fold(members[0]) == Fold(c),
            Kind.Set => IsMember(Fold(c)),
            _ => false,
        };

        private bool IsMember(char c)
        {
            for (var i = 0; i < members.Length; i += 2)
            {
                if (c >= Fold(members[i]) && c <= Fold(members[i + 1]))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
