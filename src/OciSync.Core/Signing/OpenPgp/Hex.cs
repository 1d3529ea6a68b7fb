namespace OciSync.Core.Signing.OpenPgp;

/// <summary>Numbers of keys as they are written: hexadecimal, in capital letters.</summary>
internal static class Hex
{
    internal static string Of(byte[] bytes) => BitConverter.ToString(bytes).Replace("-", string.Empty);

    internal static string Of(long keyId) => keyId.ToString("X16", System.Globalization.CultureInfo.InvariantCulture);
}
