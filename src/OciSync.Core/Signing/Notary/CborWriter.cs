using System.Text;

namespace OciSync.Core.Signing.Notary;

/// <summary>Writes what is signed in COSE (RFC 9052, 4.4, "Sig_structure").</summary>
internal static class CborWriter
{
    /// <summary>The bytes that a signature by one key is over.</summary>
    internal static byte[] SignedBytes(byte[] protectedHeaders, byte[] payload) =>
        [0x84, .. Head(3, 10), .. Encoding.ASCII.GetBytes("Signature1"), .. Bytes(protectedHeaders), .. Bytes([]), .. Bytes(payload)];

    private static byte[] Bytes(byte[] content) => [.. Head(2, content.Length), .. content];

    private static byte[] Head(int kind, int length) => length switch
    {
        < 24 => [(byte)((kind << 5) | length)],
        < 0x100 => [(byte)((kind << 5) | 24), (byte)length],
        < 0x10000 => [(byte)((kind << 5) | 25), (byte)(length >> 8), (byte)length],
        _ => [(byte)((kind << 5) | 26), (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length],
    };
}
