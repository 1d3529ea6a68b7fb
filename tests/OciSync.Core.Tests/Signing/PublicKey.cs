using System.Text;

namespace OciSync.Core.Tests.Signing;

/// <summary>A public key that gpg made, as its files have it.</summary>
internal static class PublicKey
{
    internal const string Fingerprint = "8EF7A5CD88AC7BACE9BAC81957748E0558E782E3";

    internal const string Base64 =
        "mDMEaVW5ABYJKwYBBAHaRw8BAQdAdUwF3pcSVNgPUrdUdWQEe/wfPZyyxszHVZTz40hfZ6S0GGFubmEgPGFubmFAZXhhbXBsZS50ZXN0PoiQBBMWCAA4FiEEjvelzYise6"
        + "zpusgZV3SOBVjnguMFAmlVuQACGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQV3SOBVjnguMSmgD9GI5OK6txFC+VaXka7IDSixJp71+ggwYcB5ARwBo/CB0BAMb8"
        + "X2SyCt6cppPWs8lfDKyqtYVP0bjVBc2Pm6aGwzUC";

    internal static byte[] Binary => Convert.FromBase64String(Base64);

    /// <summary>Armoured, without the checksum that it may have.</summary>
    internal static byte[] Armoured => Encoding.ASCII.GetBytes(
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: of a test\n\n" + string.Join("\n", Base64.Chunk(64).Select(c => new string(c)))
        + "\n-----END PGP PUBLIC KEY BLOCK-----\n");
}
