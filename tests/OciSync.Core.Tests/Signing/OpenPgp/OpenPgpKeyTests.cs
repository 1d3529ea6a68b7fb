using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.OpenPgp;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using static OciSync.Core.Tests.Signing.OpenPgp.PgpMaker;

namespace OciSync.Core.Tests.Signing.OpenPgp;

/// <summary>Which keys count. The library itself would take every signature here.</summary>
public sealed class OpenPgpKeyTests
{
    private const string Name = "anna@example.test";

    private static readonly PgpKeyPair Anna = NewKey();

    private static readonly PgpKeyPair Mallory = NewKey();

    private static readonly PgpKeyPair Subkey = NewKey();

    private static readonly byte[] ByAnna = Message(Anna, "text");

    private static readonly byte[] BySubkey = Message(Subkey, "text");

    [Fact]
    public void A_key_with_a_self_signature_counts()
    {
        var proof = Check(ByAnna, Certificate(Anna));
        Assert.Equal((null, Hex(Anna)), (proof.Refusal, proof.Signer));
        Assert.Equal("text", System.Text.Encoding.UTF8.GetString(proof.Payload!));
    }

    [Fact]
    public void A_statement_on_the_key_alone_is_a_self_signature_too() =>
        AssertGood(ByAnna, [.. KeyPacket(Anna), .. Signature(PgpSignature.DirectKey, Anna, [Framed(Anna)])]);

    [Fact]
    public void A_subkey_that_is_bound_both_ways_signs_for_its_owner()
    {
        var proof = Check(BySubkey, WithSubkey(Binding(Anna, Subkey)));
        Assert.Equal((null, Hex(Anna)), (proof.Refusal, proof.Signer));
    }

    [Fact]
    public void A_foreign_subkey_that_was_put_beside_a_key_signs_for_nobody()
    {
        AssertRefused("is not bound", BySubkey, WithSubkey([]));
        AssertRefused("is not bound", BySubkey, WithSubkey(Binding(Anna, Subkey, new() { By = Mallory })));
        AssertRefused("is not bound", BySubkey, WithSubkey(Binding(Mallory, Subkey)));

        // Bound by its owner to be his, which the key that signs never agreed to.
        AssertRefused("has not itself signed", BySubkey, WithSubkey(Binding(Anna, Subkey, new() { IsSignedBack = false })));
        AssertRefused("has not itself signed", BySubkey, WithSubkey(Binding(Anna, Subkey, new() { BackBy = Mallory })));
    }

    [Fact]
    public void A_binding_needs_a_hash_that_still_proves_something()
    {
        AssertRefused("is not bound", BySubkey, WithSubkey(Binding(Anna, Subkey, new() { Hash = HashAlgorithmTag.Sha1 })));
        AssertRefused("has not itself signed", BySubkey, WithSubkey(Binding(Anna, Subkey, new() { BackHash = HashAlgorithmTag.Sha1 })));
    }

    [Fact]
    public void Old_keys_have_signed_themselves_with_sha1_and_count_but_not_with_md5()
    {
        AssertGood(ByAnna, Self(new() { At = Made, Hash = HashAlgorithmTag.Sha1 }));
        AssertRefused("no self-signature", ByAnna, Self(new() { At = Made, Hash = HashAlgorithmTag.MD5 }));
    }

    [Fact]
    public void A_key_that_has_not_signed_itself_counts_for_nothing()
    {
        AssertRefused("no self-signature", ByAnna, KeyPacket(Anna));
        AssertRefused("no self-signature", ByAnna, [.. KeyPacket(Anna), .. UserId(Name)]);
        AssertRefused("no self-signature", ByAnna, [.. KeyPacket(Anna), .. UserId(Name), .. SelfSignature(Mallory, Name)]);
        AssertRefused("no self-signature", ByAnna, [.. KeyPacket(Anna), .. UserId("other"), .. SelfSignature(Anna, Name)]);
        AssertRefused("no self-signature", ByAnna, Self(new() { At = Made.AddDays(-1) }));
    }

    [Fact]
    public void A_self_signature_has_an_end_of_its_own()
    {
        byte[] Ending(long seconds) =>
            [.. KeyPacket(Anna), .. Signature(
                PgpSignature.DirectKey, Anna, [Framed(Anna)], s => s.SetSignatureExpirationTime(true, seconds), new() { At = Made })];
        AssertGood(ByAnna, Ending((long)TimeSpan.FromDays(21).TotalSeconds));
        AssertRefused("no self-signature", ByAnna, Ending((long)TimeSpan.FromDays(19).TotalSeconds));
    }

    [Fact]
    public void Only_keys_for_signing_sign()
    {
        AssertRefused("is not for signing", ByAnna, [.. KeyPacket(Anna), .. UserId(Name), .. SelfSignature(Anna, Name, Certify)]);
        AssertRefused("is not for signing", BySubkey, WithSubkey(Binding(Anna, Subkey, new() { Flags = Encrypt })));

        // Its owner only certifies, which does no harm to the subkey; and a key that doesn't say may all.
        byte[] certifying = [.. KeyPacket(Anna), .. UserId(Name), .. SelfSignature(Anna, Name, Certify)];
        AssertGood(BySubkey, [.. certifying, .. KeyPacket(Subkey, true), .. Binding(Anna, Subkey)]);
        AssertGood(ByAnna, [.. KeyPacket(Anna), .. UserId(Name), .. SelfSignature(Anna, Name, null)]);
    }

    [Fact]
    public void A_revoked_key_counts_for_nothing_even_for_what_it_signed_before()
    {
        var revocation = Signature(PgpSignature.KeyRevocation, Anna, [Framed(Anna)]);
        byte[] revoked = [.. KeyPacket(Anna), .. revocation, .. Certificate(Anna)[KeyPacket(Anna).Length..]];
        AssertRefused("is revoked", ByAnna, revoked);
        AssertRefused("is revoked", BySubkey, [.. revoked, .. KeyPacket(Subkey, true), .. Binding(Anna, Subkey)]);

        // Whoever has the key without its revocation in another file has it all the same.
        AssertRefused("is revoked", ByAnna, Certificate(Anna), [.. KeyPacket(Anna), .. revocation]);
    }

    [Fact]
    public void A_revocation_by_somebody_else_revokes_nothing()
    {
        var revocation = Signature(PgpSignature.KeyRevocation, Mallory, [Framed(Anna)]);
        AssertGood(ByAnna, [.. KeyPacket(Anna), .. revocation, .. UserId(Name), .. SelfSignature(Anna, Name)]);
    }

    [Fact]
    public void A_revoker_whom_the_key_names_is_believed()
    {
        var naming = Signature(
            PgpSignature.DirectKey, Anna, [Framed(Anna)], s => s.AddRevocationKey(false, Mallory.PublicKey.Algorithm, Mallory.PublicKey.GetFingerprint()));
        AssertGood(ByAnna, [.. KeyPacket(Anna), .. naming]);
        AssertRefused("is revoked", ByAnna, [.. KeyPacket(Anna), .. naming, .. Signature(PgpSignature.KeyRevocation, Mallory, [Framed(Anna)])]);
    }

    [Fact]
    public void A_revoked_subkey_counts_for_nothing()
    {
        var revocation = Signature(PgpSignature.SubkeyRevocation, Anna, [Framed(Anna), Framed(Subkey)]);
        AssertRefused("is revoked", BySubkey, WithSubkey([.. Binding(Anna, Subkey), .. revocation]));
        var forged = Signature(PgpSignature.SubkeyRevocation, Mallory, [Framed(Anna), Framed(Subkey)]);
        AssertGood(BySubkey, WithSubkey([.. Binding(Anna, Subkey), .. forged]));
    }

    [Fact]
    public void A_user_id_that_was_taken_back_says_nothing_any_more()
    {
        var taken = Signature(PgpSignature.CertificationRevocation, Anna, [Framed(Anna), FramedId(Name)]);
        AssertRefused("no self-signature", ByAnna, [.. Certificate(Anna), .. taken]);
        AssertGood(ByAnna, [.. Certificate(Anna), .. taken, .. UserId("new"), .. SelfSignature(Anna, "new")]);
    }

    [Fact]
    public void A_key_that_has_expired_by_now_counts_for_nothing()
    {
        byte[] Living(int days) => [.. KeyPacket(Anna), .. UserId(Name), .. SelfSignature(Anna, Name, lifetime: (long)TimeSpan.FromDays(days).TotalSeconds)];
        AssertGood(ByAnna, Living(21));
        AssertGood(ByAnna, Living(0));
        AssertRefused("expired at 2026-01-16 00:00 UTC", ByAnna, Living(15));

        // The newest word counts, in either direction.
        var longer = SelfSignature(Anna, Name, lifetime: 0, how: new() { At = Made.AddDays(1) });
        AssertGood(ByAnna, [.. Living(15), .. longer]);
        AssertGood(ByAnna, Living(15), [.. KeyPacket(Anna), .. UserId(Name), .. longer]);
        AssertRefused("expired", ByAnna, [.. Certificate(Anna), .. SelfSignature(Anna, Name, lifetime: 60, how: new() { At = Made.AddDays(1) })]);
    }

    [Fact]
    public void A_subkey_has_an_end_of_its_own() =>
        AssertRefused("expired at 2026-01-01 00:01 UTC", BySubkey, WithSubkey(Binding(Anna, Subkey, new() { Lifetime = 60 })));

    [Fact]
    public void A_key_of_the_future_has_signed_nothing()
    {
        var late = NewKey(Made.AddDays(30));
        var name = SelfSignature(late, Name, how: new() { At = Made.AddDays(30) });
        AssertRefused("was made in the future", Message(late, "text", new() { At = Made.AddDays(31) }), [.. KeyPacket(late), .. UserId(Name), .. name]);
    }

    [Fact]
    public void Damaged_keys_are_left_out_and_the_others_count()
    {
        byte[] unknown = [.. KeyPacket(Mallory)];
        unknown[6] = 9;
        AssertGood(ByAnna, [.. unknown, .. Certificate(Anna)]);
        AssertGood(ByAnna, Certificate(Mallory), Bytes("no key at all"), Certificate(Anna));
    }

    [Fact]
    public void Files_without_a_key_are_told()
    {
        Assert.Contains("there is no public key in it", Check(ByAnna, Bytes("garbage")).Refusal, StringComparison.Ordinal);
        Assert.Contains("there is no public key in it", Check(ByAnna, [[]]).Refusal, StringComparison.Ordinal);
        Assert.Contains("no file of OpenPGP keys", Check(ByAnna, [0x99, 1]).Refusal, StringComparison.Ordinal);
        Assert.Equal("no key is trusted", OpenPgpVerifier.Check(ByAnna, [], Now).Refusal);
        Assert.False(KeyFile.HasKey([Bytes("garbage"), [], [0xFF]]));
        Assert.True(KeyFile.HasKey([Bytes("garbage"), Certificate(Anna)]));
    }

    private static byte[] Self(Making how) => [.. KeyPacket(Anna), .. UserId(Name), .. SelfSignature(Anna, Name, how: how)];

    private static byte[] WithSubkey(byte[] binding) => [.. Certificate(Anna), .. KeyPacket(Subkey, true), .. binding];

    private static SignatureProof Check(byte[] message, params byte[][] files) => OpenPgpVerifier.Check(message, files, Now);

    private static void AssertGood(byte[] message, params byte[][] files)
    {
        var proof = Check(message, files);
        Assert.Equal((null, Hex(Anna)), (proof.Refusal, proof.Signer));
    }

    private static void AssertRefused(string reason, byte[] message, params byte[][] files)
    {
        var proof = Check(message, files);
        Assert.Contains(reason, proof.Refusal, StringComparison.Ordinal);
        Assert.Null(proof.Payload);
    }

    private static string Hex(PgpKeyPair key) => Convert.ToHexString(key.PublicKey.GetFingerprint());
}
