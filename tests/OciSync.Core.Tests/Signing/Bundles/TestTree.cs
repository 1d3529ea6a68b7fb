using System.Security.Cryptography;

namespace OciSync.Core.Tests.Signing.Bundles;

/// <summary>A log's tree of a test (RFC 6962, 2.1): its root, and the way from an entry to it.</summary>
internal static class TestTree
{
    internal static byte[] Root(IReadOnlyList<byte[]> entries) => entries.Count == 1
        ? SHA256.HashData([0, .. entries[0]])
        : SHA256.HashData([1, .. Root([.. entries.Take(Half(entries.Count))]), .. Root([.. entries.Skip(Half(entries.Count))])]);

    internal static IReadOnlyList<byte[]> Path(IReadOnlyList<byte[]> entries, int index)
    {
        if (entries.Count == 1)
        {
            return [];
        }

        var half = Half(entries.Count);
        byte[][] left = [.. entries.Take(half)], right = [.. entries.Skip(half)];
        return index < half ? [.. Path(left, index), Root(right)] : [.. Path(right, index - half), Root(left)];
    }

    private static int Half(int count)
    {
        var half = 1;
        while (half * 2 < count)
        {
            half *= 2;
        }

        return half;
    }
}
