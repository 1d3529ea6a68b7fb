using System.Text;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>One block of a PEM text (RFC 7468), with what precedes it ignored.</summary>
/// <param name="Label">What it says it is: <c>PUBLIC KEY</c>.</param>
/// <param name="Content">The bytes, out of base64.</param>
internal sealed record PemBlock(string Label, byte[] Content)
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";

    /// <summary>The first block, or null where there is none.</summary>
    /// <param name="text">The text, which may be anything.</param>
    /// <param name="rest">What follows the block and the end of its last line.</param>
    internal static PemBlock? ReadFirst(string text, out string rest)
    {
        rest = string.Empty;
        for (var start = FindLine(text, Begin, 0); start >= 0; start = FindLine(text, Begin, start + Begin.Length))
        {
            var finish = FindLine(text, End, start);
            if (finish < 0)
            {
                return null;
            }

            // The last one before the end begins the block; so no text is looked at twice.
            for (var next = FindLine(text, Begin, start + 1); next >= 0 && next < finish; next = FindLine(text, Begin, next + 1))
            {
                start = next;
            }

            var headEnd = LineEnd(text, start);
            var head = text.Substring(start, headEnd - start).TrimEnd();
            var label = head.EndsWith(Dashes, StringComparison.Ordinal) && head.Length >= Begin.Length + Dashes.Length
                ? head.Substring(Begin.Length, head.Length - Begin.Length - Dashes.Length) : null;
            var finishEnd = LineEnd(text, finish);
            if (label is not null && text.Substring(finish, finishEnd - finish).TrimEnd() == End + label + Dashes
                && Decode(text.Substring(headEnd, finish - headEnd)) is { } content)
            {
                rest = text.Substring(Math.Min(finishEnd + 1, text.Length));
                return new PemBlock(label, content);
            }
        }

        return null;
    }

    /// <summary>All blocks of a text.</summary>
    internal static IEnumerable<PemBlock> ReadAll(string text)
    {
        while (ReadFirst(text, out var rest) is { } block)
        {
            yield return block;
            text = rest;
        }
    }

    /// <summary>A PEM text of this block, with lines of 64 characters.</summary>
    internal string Write()
    {
        var base64 = Convert.ToBase64String(Content);
        var text = new StringBuilder().Append(Begin).Append(Label).Append(Dashes).Append('\n');
        for (var i = 0; i < base64.Length; i += 64)
        {
            text.Append(base64, i, Math.Min(64, base64.Length - i)).Append('\n');
        }

        return text.Append(End).Append(Label).Append(Dashes).Append('\n').ToString();
    }

    // Lines with a colon are headers, which say nothing of keys and certificates.
    private static byte[]? Decode(string lines)
    {
        var base64 = string.Concat(lines.Split('\n').Select(l => l.Trim()).SkipWhile(l => l.Contains(':') || l.Length == 0));
        try
        {
            return base64.Length == 0 ? null : Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            // The caller looks for another block.
            return null;
        }
    }

    private static int FindLine(string text, string start, int from)
    {
        for (var at = text.IndexOf(start, from, StringComparison.Ordinal); at >= 0; at = text.IndexOf(start, at + 1, StringComparison.Ordinal))
        {
            if (at == 0 || text[at - 1] == '\n')
            {
                return at;
            }
        }

        return -1;
    }

    private static int LineEnd(string text, int start)
    {
        var end = text.IndexOf('\n', start);
        return end < 0 ? text.Length : end;
    }
}
