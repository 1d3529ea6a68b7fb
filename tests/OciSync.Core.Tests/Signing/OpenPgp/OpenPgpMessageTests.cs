using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.OpenPgp;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using static OciSync.Core.Tests.Signing.OpenPgp.PgpMaker;

namespace OciSync.Core.Tests.Signing.OpenPgp;

/// <summary>Which messages prove something.</summary>
public sealed class OpenPgpMessageTests
{
    private static readonly PgpKeyPair Anna = NewKey();

    private static readonly byte[] Key = Certificate(Anna);

    [Fact]
    public void A_message_may_be_packed_in_each_way_or_not_at_all()
    {
        var plain = Message(Anna, "text");
        byte[] before = [.. Signature(PgpSignature.BinaryDocument, Anna, [Bytes("text")]), .. Literal("text")];
        byte[] marked = [.. Part(PacketKind.Marker, Bytes("PGP")), .. plain];
        Assert.All(
            (byte[][])[plain, before, marked, Pack(plain), Pack(plain, CompressionAlgorithmTag.ZLib), Pack(plain, CompressionAlgorithmTag.BZip2)],
            m => Assert.Null(Check(m).Refusal));
    }

    [Fact]
    public void Text_signatures_hold_whatever_the_ends_of_lines_are()
    {
        byte[] message = [.. OnePass(Anna), .. Literal("a\nb"), .. Signature(PgpSignature.CanonicalTextDocument, Anna, [Bytes("a\r\nb")])];
        Assert.Null(Check(message).Refusal);
    }

    [Fact]
    public void A_payload_that_was_swapped_is_refused() =>
        AssertRefused("does not fit", Message(Anna, "text", shown: "tex!"));

    [Theory]
    [InlineData(HashAlgorithmTag.MD5)]
    [InlineData(HashAlgorithmTag.Sha1)]
    [InlineData(HashAlgorithmTag.RipeMD160)]
    public void Broken_hashes_prove_nothing(HashAlgorithmTag hash) =>
        AssertRefused("proves nothing any more", Message(Anna, "text", new() { Hash = hash }));

    [Theory]
    [InlineData(HashAlgorithmTag.Sha224)]
    [InlineData(HashAlgorithmTag.Sha384)]
    [InlineData(HashAlgorithmTag.Sha512)]
    public void Others_do(HashAlgorithmTag hash) => Assert.Null(Check(Message(Anna, "text", new() { Hash = hash })).Refusal);

    [Fact]
    public void A_signature_has_an_end()
    {
        byte[] Ending(int days) => Message(Anna, "text", more: s => s.SetSignatureExpirationTime(false, (long)TimeSpan.FromDays(days).TotalSeconds));
        Assert.Null(Check(Ending(11)).Refusal);
        Assert.Null(Check(Ending(0)).Refusal);
        AssertRefused("expired at 2026-01-20 00:00 UTC", Ending(9));
    }

    [Fact]
    public void A_signature_is_not_older_than_its_key() =>
        AssertRefused("was made after", Message(Anna, "text", new() { At = Made.AddDays(-1) }));

    [Fact]
    public void A_date_in_the_future_does_no_harm() => Assert.Null(Check(Message(Anna, "text", new() { At = Made.AddYears(5) })).Refusal);

    [Fact]
    public void A_signature_that_doesnt_say_by_whom_it_is_is_tried_with_all_keys()
    {
        Assert.Null(Check(Message(Anna, "text", new() { NamesIssuer = false })).Refusal);
        AssertRefused("none of those that are trusted", Message(Anna, "text", new() { Issuer = NewKey().PublicKey }));
    }

    [Fact]
    public void What_has_to_be_understood_and_isnt_is_refused()
    {
        AssertRefused("not understood", Message(Anna, "text", more: s => s.AddNotationData(true, true, "a@example.test", "b")));
        AssertRefused("not understood", Message(Anna, "text", more: s => s.AddCustomSubpacket(new Condition(true))));
        Assert.Null(Check(Message(Anna, "text", more: s => s.AddCustomSubpacket(new Condition(false)))).Refusal);
        Assert.Null(Check(Message(Anna, "text", more: s => s.AddNotationData(false, true, "a@example.test", "b"))).Refusal);
    }

    [Theory]
    [InlineData(PgpSignature.StandAlone)]
    [InlineData(PgpSignature.PositiveCertification)]
    [InlineData(PgpSignature.DirectKey)]
    [InlineData(PgpSignature.Timestamp)]
    public void Only_signatures_over_content_prove_something_of_content(int type)
    {
        byte[] message = [.. OnePass(Anna), .. Literal("text"), .. Signature(type, Anna, [Bytes("text")])];
        AssertRefused("signs no content", message);
    }

    [Fact]
    public void A_file_is_one_message_and_nothing_else()
    {
        var (good, ben) = (Message(Anna, "text"), NewKey());
        byte[] second = Signature(PgpSignature.BinaryDocument, ben, [Bytes("text")]);
        AssertRefused("2 signatures", [.. good, .. good]);
        AssertRefused("something in it is no packet", [.. good, .. Bytes("garbage")]);
        AssertRefused("2 signatures", [.. OnePass(ben), .. good, .. second]);
        AssertRefused("detached", Signature(PgpSignature.BinaryDocument, Anna, [Bytes("text")]));
        AssertRefused("no signature in it", Literal("text"));
        AssertRefused("no signature in it", []);
        AssertRefused("not those of one signed message", [.. Literal("text"), .. Signature(PgpSignature.BinaryDocument, Anna, [Bytes("text")])]);
        AssertRefused("it is a key", Key);
        AssertRefused("encrypted", Part(PacketKind.ProtectedEncryptedData, [1, 2, 3]));
        AssertRefused("no signature in it", Pack(Pack(good)));
        AssertRefused("something follows", [.. Sized(Pack(good)), .. good]);
        AssertRefused("cut off", [.. OnePass(Anna), .. Part(PacketKind.LiteralData, [(byte)'b', 200]), .. second]);
        AssertRefused("no OpenPGP message", Bytes("-----BEGIN PGP MESSAGE-----"));
    }

    [Fact]
    public void What_ends_anywhere_before_its_end_proves_nothing()
    {
        foreach (var message in (byte[][])[Message(Anna, "text"), Pack(Message(Anna, "text"))])
        {
            for (var length = 0; length < message.Length - 1; length++)
            {
                Assert.NotNull(Check(message[..length]).Refusal);
            }
        }
    }

    [Theory]
    [InlineData(CompressionAlgorithmTag.Zip, 64)]
    [InlineData(CompressionAlgorithmTag.BZip2, 6)]
    public void What_unpacks_without_end_is_not_unpacked(CompressionAlgorithmTag algorithm, int megabytes)
    {
        var bomb = Pack(new byte[megabytes * 1024 * 1024], algorithm);
        Assert.InRange(bomb.Length, 1, 1024 * 1024);
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused("can't be unpacked", bomb);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40L * 1024 * 1024);
    }

    [Fact]
    public void Lengths_are_not_believed()
    {
        // A literal of nearly 4 GiB, and one in parts of a gigabyte, of which there are a few bytes.
        AssertRefused("cut off", [0xCB, 0xFF, 0xFF, 0xFF, 0xFF, 0xF0, (byte)'b']);
        AssertRefused("cut off", [0xCB, 0xFE, (byte)'b']);
        AssertRefused("cut off", [0xAE, 0x7F, 0xFF, 0xFF, 0xFF, (byte)'b']);
    }

    [Fact]
    public void A_message_says_by_whom_it_is_without_proof()
    {
        var said = OpenPgpVerifier.Describe(Pack(Message(Anna, "text", shown: "other")));
        var fingerprint = Convert.ToHexString(Anna.PublicKey.GetFingerprint());
        Assert.Equal((fingerprint, fingerprint[24..], new DateTimeOffset(Signed), null), (said.Fingerprint, said.KeyId, said.Created, said.Fault));
        Assert.Equal("other", System.Text.Encoding.UTF8.GetString(said.Payload!));
        Assert.Contains("detached", OpenPgpVerifier.Describe(Signature(PgpSignature.BinaryDocument, Anna, [Bytes("text")])).Fault, StringComparison.Ordinal);
    }

    // With a length, and not up to the end of the input.
    private static byte[] Sized(byte[] packed) => Part(PacketKind.CompressedData, packed[1..]);

    private static SignatureProof Check(byte[] message) => OpenPgpVerifier.Check(message, [Key], Now);

    private static void AssertRefused(string reason, byte[] message)
    {
        var proof = Check(message);
        Assert.Contains(reason, proof.Refusal, StringComparison.Ordinal);
        Assert.Null(proof.Payload);
    }

    // Of a kind that nobody knows.
    private sealed class Condition(bool isCritical) : SignatureSubpacket((SignatureSubpacketTag)100, isCritical, false, [1]);
}
