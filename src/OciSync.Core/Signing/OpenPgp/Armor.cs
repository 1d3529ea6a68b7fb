using System.Text;

namespace OciSync.Core.Signing.OpenPgp;

/// <summary>Packets as text (RFC 9580, 6.2): <c>-----BEGIN PGP …-----</c>, headers, base64, <c>-----END PGP …-----</c>, as often as it likes.</summary>
internal static class Armor
{
    private const string Begin = "-----BEGIN PGP ";
    private const string End = "-----END PGP ";

    /// <summary>The packets of all blocks of a kind, one after another; empty without such a block. What stands around blocks has no meaning.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kinds">The kinds that are wanted, such as <c>PUBLIC KEY BLOCK</c>.</param>
    /// <exception cref="FormatException">A block has no end, or isn't base64.</exception>
    internal static byte[] Read(byte[] text, params string[] kinds)
    {
        using var content = new MemoryStream();
        using var reader = new StreamReader(new MemoryStream(text), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.TrimEnd() is var begin && begin.StartsWith(Begin, StringComparison.Ordinal))
            {
                var kind = begin.Substring(Begin.Length).TrimEnd('-');
                var block = ReadBlock(reader, kind);
                if (kinds.Contains(kind))
                {
                    content.Write(block, 0, block.Length);
                }
            }
        }

        return content.ToArray();
    }

    private static byte[] ReadBlock(StreamReader reader, string kind)
    {
        while (reader.ReadLine()?.Trim() is { Length: > 0 } header)
        {
            // Headers, up to an empty line: nothing in them is protected or needed.
            if (!header.Contains(':'))
            {
                throw new FormatException("a line before its base64 is no header");
            }
        }

        var base64 = new StringBuilder();
        while (reader.ReadLine()?.Trim() is { } line)
        {
            if (line == End + kind + "-----")
            {
                return Convert.FromBase64String(base64.ToString());
            }

            // The checksum after it says nothing that a signature doesn't say better (RFC 9580, 6.1.1: it is not to be relied on).
            if (!line.StartsWith("=", StringComparison.Ordinal))
            {
                base64.Append(line);
            }
        }

        throw new FormatException("its text form has no end");
    }
}
