#if NET
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
#endif

namespace OciSync.Core.Polyfills;

/// <summary>The check of gzip files (RFC 1952, 8), with the multiplication of processors that have one for it: .NET has it in a package only.</summary>
internal static class Crc32
{
    /// <summary>The check of the first bytes of a buffer.</summary>
    internal static uint Of(byte[] buffer, int count)
    {
#if NET
        if (Pclmulqdq.IsSupported && count >= Smallest)
        {
            return ~Update(Fold(buffer.AsSpan(0, count - (count % 16))), buffer.AsSpan(count - (count % 16), count % 16));
        }
#endif
        var check = new ICSharpCode.SharpZipLib.Checksum.Crc32();
        check.Update(new ArraySegment<byte>(buffer, 0, count));
        return (uint)check.Value;
    }

#if NET
    private const int Smallest = 64;
    private const uint Polynomial = 0xEDB88320;

    // "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction" (Gopal and others, Intel, 2009): sixteen bytes are multiplied by what
    // moves them behind the ones that follow, four times sixteen at a time. What is left of all has the check of all.
    private static uint Fold(ReadOnlySpan<byte> bytes)
    {
        var parts = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        var (a, b, c, d) = (parts[0] ^ Vector128.CreateScalar((ulong)uint.MaxValue), parts[1], parts[2], parts[3]);
        var over64 = Vector128.Create(0x154442bd4UL, 0x1c6e41596UL);
        var i = 4;
        for (; i + 4 <= parts.Length; i += 4)
        {
            a = Move(a, over64) ^ parts[i];
            b = Move(b, over64) ^ parts[i + 1];
            c = Move(c, over64) ^ parts[i + 2];
            d = Move(d, over64) ^ parts[i + 3];
        }

        var over16 = Vector128.Create(0x1751997d0UL, 0x0ccaa009eUL);
        a = Move(Move(Move(a, over16) ^ b, over16) ^ c, over16) ^ d;
        for (; i < parts.Length; i++)
        {
            a = Move(a, over16) ^ parts[i];
        }

        return Update(0, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref a, 1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Move(Vector128<ulong> part, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(part, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(part, by, 0x11);

    private static uint Update(uint check, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
        {
            check ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                check = (check & 1) == 0 ? check >> 1 : (check >> 1) ^ Polynomial;
            }
        }

        return check;
    }
#endif
}
