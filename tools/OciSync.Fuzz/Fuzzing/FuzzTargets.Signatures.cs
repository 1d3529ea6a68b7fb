using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.OpenPgp;
using OciSync.Core.Signing.Stores;

namespace OciSync.Fuzzing;

/// <summary>Signatures, the keys they are checked with, and the settings of where they are.</summary>
internal static partial class FuzzTargets
{
    private const string Owner = "8EF7A5CD88AC7BACE9BAC81957748E0558E782E3";

    // Of gpg itself: a message packed and not packed, the key that it is by, and one with a subkey that signs.
    private static readonly byte[] PackedMessage = Convert.FromBase64String(
        "owGbwMvMwCEWXtLHGvG86THjWkbFJPaCHL2s4vy8zHCuhmql5KLMkszkxBwlq2qlzJTUvJLMkkoQOyU/OTu1SLcoNS21KDUvOVXJSim1IjG3ICdVryS1uEQ/saDAylDPQKlWRykzNzE9"
        + "FUlPbmJeZhpQjW5KZjqQAuoszkg0MjWzMjA0MjYxNTO3sExMSk5JTSOVD7KspLIA5JbEkvzczGSF5Py8ksTMvNQiheLM9LzEktKiVJCi/IKSzPw8iKeSi1KBiosQekz1jE30jJSARmXm"
        + "Ap0H9JOSlaG5pamFuaGFiXltbUcHC4MYB4OBmCJL3/elZzvWVK95ueuEJCwMWZlAASckk5iXl+iAHCQMXJwCMEVv0hj+qR5eoHp9TWin5OwgrQczti+Zs4dF7uLj1Vf0Xu8Wm+8glMXw"
        + "V2Krs85GPh+Z+w5fvL0btmfkHwq6UxgXorm4s/l1ksZNTgA=");

    private static readonly byte[] PlainMessage = Convert.FromBase64String(
        "kA0DAAgWV3SOBVjnguMBrQEhYgdwbC5qc29uaVcKgHsiY3JpdGljYWwiOnsiaWRlbnRpdHkiOnsiZG9ja2VyLXJlZmVyZW5jZSI6ImV4YW1wbGUudGVzdC9hcHA6MS4wIn0sImltYWdl"
        + "Ijp7ImRvY2tlci1tYW5pZmVzdC1kaWdlc3QiOiJzaGEyNTY6MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZiJ9LCJ0"
        + "eXBlIjoiYXRvbWljIGNvbnRhaW5lciBzaWduYXR1cmUifSwib3B0aW9uYWwiOnsiY3JlYXRvciI6ImF0b21pYyA1LjM0LjIiLCJ0aW1lc3RhbXAiOjE3OTU4NzE4NDd9fYiIBAAWCAAw"
        + "FiEEjvelzYise6zpusgZV3SOBVjnguMFAmlXCoASHGFubmFAZXhhbXBsZS50ZXN0AAoJEFd0jgVY54Lj7GYA/iXDoCXXrFWJGZtSKuCYt6ScvAQe0eOr1C7ruxafQBJqAP0YtUMssQ5M"
        + "HN9A9EtLgLdob8JS3HFeVCmjiYPrYijZCQ==");

    private static readonly byte[] OpenPgpKey = Convert.FromBase64String(
        "mDMEaVW5ABYJKwYBBAHaRw8BAQdAdUwF3pcSVNgPUrdUdWQEe/wfPZyyxszHVZTz40hfZ6S0GGFubmEgPGFubmFAZXhhbXBsZS50ZXN0PoiQBBMWCAA4FiEEjvelzYise6zpusgZV3SO"
        + "BVjnguMFAmlVuQACGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQV3SOBVjnguMSmgD9GI5OK6txFC+VaXka7IDSixJp71+ggwYcB5ARwBo/CB0BAMb8X2SyCt6cppPWs8lfDKyq"
        + "tYVP0bjVBc2Pm6aGwzUC");

    private static readonly byte[] KeyWithSubkey = Convert.FromBase64String(
        "mDMEaVW5ABYJKwYBBAHaRw8BAQdAUSIpS/qscvtECzrqdzBn06HK6ge9kzPXiXWR9Gso0wu0FmJlbiA8YmVuQGV4YW1wbGUudGVzdD6IkAQTFggAOBYhBNrcKRyETgymsVdLVB0quPN5"
        + "73grBQJpVbkAAhsBBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJEB0quPN573grcE0BAOeeDg5wSx+/ptJmMPNpJy60ddqSDUL61QBSQT0SU0R/AQDKHGMF6f1XAGxammPhnhECSH1z"
        + "mSCmVHvTjWiKWoEQALgzBGlVuQAWCSsGAQQB2kcPAQEHQK2d+fEDRLAF+ymFaRYBMKb2qw2ZQci4YHXQGHCIiYnpiO8EGBYIACAWIQTa3CkchE4MprFXS1QdKrjzee94KwUCaVW5AAIb"
        + "AgCBCRAdKrjzee94K3YgBBkWCAAdFiEECrNRhb0OQ5sO0eKDDYlHIf+7LUQFAmlVuQAACgkQDYlHIf+7LUQ+tgD+OLGUdHudwNGYVQWWBuYLbxnAuLfw8B62RABCrzbM5v8A/1yPy4uF"
        + "kvRtV1Dt9nNDOA7WzQ9e9EIuncVQtyw8W+ANENQA/257K/DoCq0pTlAnkqO5nvaKVeLSUBXQp4NI80/J+eH4AP9FeEngU34C74/hm9r2TPqkW4LqNBryx9uc4ySdEHm/Bg==");

    // Its secret side, made for this and used for nothing else; and one with a passphrase that is tried quickly, and is another one.
    private static readonly byte[] SecretKey = Convert.FromBase64String(
        "lFgEaVW5ABYJKwYBBAHaRw8BAQdAdUwF3pcSVNgPUrdUdWQEe/wfPZyyxszHVZTz40hfZ6QAAQD8hiPY/Lbg8a0xvfE8HCsjj+dVvBwO1LjphGqZdsUhtxHztBhhbm5hIDxhbm5hQGV4"
        + "YW1wbGUudGVzdD6IkAQTFggAOBYhBI73pc2IrHus6brIGVd0jgVY54LjBQJpVbkAAhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJEFd0jgVY54LjEpoA/RiOTiurcRQvlWl5GuyA"
        + "0osSae9foIMGHAeQEcAaPwgdAQDG/F9ksgrenKaT1rPJXwysqrWFT9G41QXNj5umhsM1Ag==");

    private static readonly byte[] LockedKey = Convert.FromBase64String(
        "lIYEaVW5ABYJKwYBBAHaRw8BAQdA7T44TZuNRbZ7KxWRvxpF7GThaEGySVy1ON4ve1ubL3z+BwMCb9os/hXVihYAnfTWPuoFQ6za9pYuIThjDd8WCnrYwdtmkxUv3WyvuhCiTdUSODg6"
        + "7CJ4/hlmmqkKLQWB0kxqOA59dXZtlnbuVKOQ4xzDm7QWZXZlIDxldmVAZXhhbXBsZS50ZXN0PoiQBBMWCAA4FiEE2Ras0x89ARM8DjVtj6mqtnI3RVIFAmlVuQACGwMFCwkIBwIGFQoJ"
        + "CAsCBBYCAwECHgECF4AACgkQj6mqtnI3RVL8CgEAsj8MKUk+lSciPJOzCIoMtlLJIKpyVz5aTEim2eAsxoEBAMLmjNnqL8znez1RinFGiXLp6O4OL5xNyZR92UVlp/AC");

    private static readonly DateTimeOffset Checked = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string SignedText = Encoding.UTF8.GetString(OpenPgpVerifier.Describe(PlainMessage).Payload!);

    private static IEnumerable<FuzzTarget> Signatures() =>
    [
        new("OpenPGP message", FuzzInput.Near([PackedMessage, PlainMessage]), TryMessage) { FreeBytes = 24 * 1024 * 1024 },
        new("OpenPGP key file", FuzzInput.Near([OpenPgpKey, KeyWithSubkey, [.. OpenPgpKey, .. KeyWithSubkey], Armoured(OpenPgpKey)]), TryKeyFile)
        {
            BytesPerByte = 4000,
        },
        new("OpenPGP secret key", FuzzInput.Near([SecretKey, LockedKey]), TrySecretKey) { FreeBytes = 96 * 1024 * 1024, BytesPerByte = 4000 },
        new(
            "signed statement",
            FuzzInput.Near(SignedText, SignedText.Replace("atomic container", "cosign container image", StringComparison.Ordinal)),
            TryStatement),
        new(
            "signature file",
            FuzzInput.Near(
                [PlainMessage, Encoding.UTF8.GetBytes("\0sigstore-json\n{\"mimeType\":\"a/b\",\"payload\":\"e30=\",\"annotations\":{\"a\":\"b\"}}"),
                    [.. "\0simple-signing\n"u8, .. PlainMessage]]),
            input => AllowFormat(() => SignatureFile.Read(input, "here"))),
        new(
            "registry's list of signatures",
            FuzzInput.Near("""{"signatures":[{"schemaVersion":2,"name":"a@1","type":"atomic","content":"owEH"}]}""", """{"signatures":null}"""),
            input => Allow(() => RegistrySignatures.Read(input, "here"), OciErrorKind.ProtocolError)),
        new("registries.d", FuzzInput.Near(Scopes, "default-docker: {sigstore: 'file:///a', use-sigstore-attachments: yes}"), TryRegistriesDirectory),
    ];

    private const string Scopes = """
        default-docker:
          lookaside-staging: file:///var/lib/a
        docker:
          registry.test:5000/team:
            lookaside: https://sigs.test/base
            use-sigstore-attachments: true
          "*.example.test": {sigstore: 'file:///b'}
        """;

    private static byte[] Armoured(byte[] packets) => Encoding.ASCII.GetBytes(
        $"-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: x\n\n{Convert.ToBase64String(packets, Base64FormattingOptions.InsertLineBreaks)}\n=abcd\n"
        + "-----END PGP PUBLIC KEY BLOCK-----\n");

    private static void TryMessage(byte[] input)
    {
        var proof = OpenPgpVerifier.Check(input, [OpenPgpKey], Checked);
        Require(
            proof.Refusal is { Length: > 0 } || Encoding.UTF8.GetString(proof.Payload!) == SignedText,
            "nothing is proven but what was signed");
        var said = OpenPgpVerifier.Describe(input);
        Require(said.Fault is { Length: > 0 } || said.Created is not null, "what can be read has a time");
    }

    private static void TryKeyFile(byte[] input)
    {
        var proof = OpenPgpVerifier.Check(PlainMessage, [input], Checked);
        Require(proof.Refusal is { Length: > 0 } || proof.Signer == Owner, "nobody signs for another");
        RequireShowable(proof.Refusal ?? string.Empty);
        Require(KeyFile.HasKey([input]) || proof.Refusal is not null, "without a key nothing is proven");
    }

    private static void TrySecretKey(byte[] input)
    {
        try
        {
            var key = OpenPgpSigningKey.Open(input, "pw", Checked);
            Require(key.Fingerprint.Length == Owner.Length, "a key has a fingerprint");
            var message = key.Sign(Encoding.UTF8.GetBytes(SignedText), Checked);
            Require(OpenPgpVerifier.Describe(message).Fault is null, "what a key signs can be read");
        }
        catch (SigningKeyException e)
        {
            RequireShowable(e.Message);
        }
    }

    private static void TryStatement(byte[] input)
    {
        foreach (var kind in new[] { SignatureKind.OpenPgp, SignatureKind.Sigstore })
        {
            var read = SignedPayload.Read(input, kind, out var fault);
            Require(read is null == fault is { Length: > 0 }, "either it says something, or why it doesn't");
            RequireShowable(fault ?? string.Empty);
        }
    }

    private static void TryRegistriesDirectory(byte[] input) => Allow(
        () =>
        {
            var directory = RegistriesDirectoryReader.ReadText("a.yaml", Text(input), new PlacedText("file:///built-in", null, 0));
            var found = directory.Find(["registry.test:5000/team/app:1", "registry.test:5000/team", "*.example.test"]);
            Require(found.Lookaside.Text.Length > 0 && found.Staging.Text.Length > 0, "there is always a place");
            Require(!found.UseAttachments || found.AttachmentsPlace is not null, "attachments are switched on by somebody");
        },
        OciErrorKind.ConfigurationInvalid);
}
