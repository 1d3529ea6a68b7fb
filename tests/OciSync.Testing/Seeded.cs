using System.Buffers.Binary;

namespace OciSync.Testing;

/// <summary>Noise that depends on the seed alone (SplitMix64), the same on every machine and runtime.</summary>
internal static class Seeded
{
    internal static byte[] Bytes(int count, ulong seed)
    {
        var bytes = new byte[count];
        Fill(bytes, seed);
        return bytes;
    }

    internal static void Fill(Span<byte> target, ulong seed)
    {
        var state = seed * 0xD1342543DE82EF95UL;
        Span<byte> word = stackalloc byte[8];
        while (!target.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, Next(ref state));
            var count = Math.Min(8, target.Length);
            word[..count].CopyTo(target);
            target = target[count..];
        }
    }

    internal static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
