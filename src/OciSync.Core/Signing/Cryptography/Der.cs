using Org.BouncyCastle.Asn1;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>Reads DER from outside: its shape is looked at before the library does, which follows any depth and takes BER as well.</summary>
internal static class Der
{
    /// <summary>Longer ones are no keys and no certificates.</summary>
    internal const int MaxLength = 128 * 1024;

    private const int MaxDepth = 24;
    private const int Constructed = 0x20;

    /// <summary>Reads one value that fills the whole of <paramref name="der"/>.</summary>
    /// <param name="der">The bytes.</param>
    /// <param name="what">What it should be, for the message: <c>a certificate</c>.</param>
    /// <param name="read">Makes it of the value.</param>
    /// <exception cref="FormatException">It is something else.</exception>
    internal static T Read<T>(byte[] der, string what, Func<Asn1Object, T> read)
    {
        if (der.Length > MaxLength || !IsWellFormed(der, 0, der.Length, 0, isOne: true))
        {
            throw new FormatException($"it is not {what}: its bytes are not one DER value");
        }

        try
        {
            return read(Asn1Object.FromByteArray(der));
        }
        catch (FormatException)
        {
            throw;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library says in a dozen ways that a value is another one than it should be.
            throw new FormatException($"it is not {what}", e);
        }
    }

    // Definite lengths in their shortest form, values that fill what holds them, and no deep nest.
    private static bool IsWellFormed(byte[] der, int start, int end, int depth, bool isOne)
    {
        var at = start;
        while (at < end)
        {
            var tag = der[at++];
            if ((tag & 0x1F) == 0x1F || !TryReadLength(der, ref at, end, out var length))
            {
                return false;
            }

            if ((tag & Constructed) != 0 && (depth == MaxDepth || !IsWellFormed(der, at, at + length, depth + 1, isOne: false)))
            {
                return false;
            }

            at += length;
            if (isOne)
            {
                return at == end;
            }
        }

        return !isOne;
    }

    private static bool TryReadLength(byte[] der, ref int at, int end, out int length)
    {
        length = at < end ? der[at++] : -1;
        if (length > 0x80)
        {
            var bytes = length & 0x7F;
            if (bytes > 3 || end - at < bytes)
            {
                return false;
            }

            length = 0;
            for (var i = 0; i < bytes; i++)
            {
                length = (length << 8) | der[at++];
            }

            if (length < 0x80 || length >> (8 * (bytes - 1)) == 0)
            {
                return false;
            }
        }
        else if (length == 0x80)
        {
            return false;
        }

        return length >= 0 && length <= end - at;
    }
}
