using System.Text;
using CsCheck;

namespace OciSync.Fuzzing;

/// <summary>Inputs near those that are right: a good one, changed in a few places, with pieces that parsers stumble over; and a few of noise.</summary>
internal static class FuzzInput
{
    private const int Longest = 256 * 1024;

    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\0", "\n", "\r\n", "\t", " ", "\"", "'", "\\", "/", "//", "..", "../", ":", "::", "@", "=", ",", ";", "<", ">", "{", "}", "[", "]", "%", "%00",
            "%2e%2e%2f", "null", "true", "-1", "0", "1e999", "-1e999", "9223372036854775807", "9223372036854775808", "99999999999999999999999999", "0.1",
            "\\u0000", "\\ud800",
            "\\udc00\\ud800", "\u001b[31m", "\u009b", "\u202e", "\ufeff", "\u0130", "\u212a", "\ud83d\ude00", "é", "&a", "*a", "<<: *a", "- ", "---\n",
            "sha256:", "SHA256:", "sha512:", "md5:", "latest", "docker://", "oci:", "dir:", "http://", "https://", "file:///etc/passwd", "http://127.0.0.1/",
            "http://169.254.169.254/",
            "[::1]", "localhost", "\"a\":", "\"digest\":", "\"size\":", "\"layers\":[]", "\"manifests\":[]", "1.2.3", "v", "-rc1", "||", "^", "~", ">=",
            "x", ".*", "[[a]]\n", "${A}", "${A:-", "!!binary ",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80],
    ];

    private static readonly Gen<byte[]> Noise = Gen.OneOf(
        Gen.Byte.Array[0, 200],
        Gen.Char[' ', '~'].Array[0, 200].Select(c => Encoding.UTF8.GetBytes(c)),
        Gen.Int[0, Pieces.Length - 1].Array[0, 20].Select(i => i.SelectMany(n => Pieces[n]).ToArray()));

    // Where, how much, how often, and what of the list.
    private static readonly Gen<(int Kind, double Place, double Part, int Count, int Piece)> Change = Gen.Select(
        Gen.Int[0, 7], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[0, 40], Gen.Int[0, Pieces.Length - 1]);

    /// <summary>Inputs near these.</summary>
    internal static Gen<byte[]> Near(params string[] good) => Near([.. good.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>Inputs near these.</summary>
    internal static Gen<byte[]> Near(byte[][] good) => Gen.Frequency(
        (1, Noise),
        (15, Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[0, good.Length - 1], Change.Array[0, 6]).Select((one, other, changes) =>
        {
            var bytes = good[one];
            foreach (var change in changes)
            {
                bytes = Apply(bytes, good[other], change);
            }

            return bytes;
        })));

    private static byte[] Apply(byte[] bytes, byte[] other, (int Kind, double Place, double Part, int Count, int Piece) change)
    {
        var at = (int)(change.Place * bytes.Length);
        var length = (int)(change.Part * change.Part * (bytes.Length - at));
        var piece = Pieces[change.Piece];
        var insert = change.Kind switch
        {
            0 or 1 => piece,
            2 => Repeat(piece, change.Count * change.Count * change.Count),
            3 => Repeat(bytes[at..(at + length)], 1 + change.Count),
            4 => other[(int)(change.Part * other.Length)..],
            5 => [(byte)change.Count],
            _ => [],
        };
        var removed = change.Kind is 1 or 4 or 5 or 6 ? Math.Max(length, change.Kind == 5 ? Math.Min(1, bytes.Length - at) : 0) : 0;
        removed = change.Kind == 7 ? bytes.Length - at : change.Kind == 5 ? Math.Min(1, bytes.Length - at) : removed;
        return bytes.Length - removed + insert.Length > Longest ? bytes : [.. bytes[..at], .. insert, .. bytes[(at + removed)..]];
    }

    private static byte[] Repeat(byte[] piece, int count)
    {
        var most = Math.Min(count, piece.Length == 0 ? 0 : Longest / piece.Length);
        var all = new byte[piece.Length * most];
        for (var i = 0; i < most; i++)
        {
            piece.CopyTo(all, i * piece.Length);
        }

        return all;
    }
}
