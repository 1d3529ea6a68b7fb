using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.References;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Notary;
using OciSync.Core.Tests.Signing.Sigstore;

namespace OciSync.Core.Tests.Signing.Notary;

/// <summary>Signatures of the Notary Project: those of notation hold, and one wrong thing is enough.</summary>
public sealed class NotaryVerifierTests
{
    private const string Identity = "x509.subject: C=US, ST=WA, O=Test";

    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlyList<Certificate> Root = [Certificate.Read(SigstoreMaker.Root.Certificate.RawData)];

    [Theory]
    [InlineData("rsa2048 jws")]
    [InlineData("rsa2048 cose")]
    [InlineData("ec384 jws")]
    [InlineData("ec384 cose")]
    public void Of_notation_hold_under_their_authority_for_their_image(string name)
    {
        var (found, image, authority) = Load(name);
        var proof = Check(found, image, authority, Statement());
        Assert.Null(proof.Refusal);
        Assert.Empty(proof.Warnings);
        Assert.Contains("CN=signer", proof.Signer, StringComparison.Ordinal);

        Assert.Contains("no trusted authority issued", Check(found, image, Root, Statement()).Refusal, StringComparison.Ordinal);
        Assert.Contains("is of another image", Check(found, JwsMaker.Image, authority, Statement()).Refusal, StringComparison.Ordinal);
        var other = Check(found, image, authority, Statement(identity: "x509.subject: C=US, O=Other"));
        Assert.Contains("no trusted identity", other.Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rsa2048 jws")]
    [InlineData("ec384 cose")]
    public void What_is_accepted_with_a_changed_byte_says_the_same(string name)
    {
        var (found, image, authority) = Load(name);
        var whole = NotaryEnvelope.Read(found.Content, found.MediaType);
        var refused = 0;
        for (var place = 0; place < found.Content.Length; place += 11)
        {
            var changed = found with { Content = [.. found.Content] };
            changed.Content[place] ^= 1;
            if (Check(changed, image, authority, Statement()).Refusal is not null)
            {
                refused++;
                continue;
            }

            var accepted = NotaryEnvelope.Read(changed.Content, changed.MediaType);
            Assert.Equal(whole.SignedBytes, accepted.SignedBytes);
            Assert.Equal(whole.Payload, accepted.Payload);
            Assert.Equal(whole.Certificates[0], accepted.Certificates[0]);
        }

        Assert.True(refused > found.Content.Length / 11 / 3, $"{refused} of {found.Content.Length / 11} were refused");
    }

    [Fact]
    public void One_wrong_thing_is_enough()
    {
        Assert.Null(Check(new JwsMaker()).Refusal);
        Refused("or what it signs was changed", new JwsMaker { Whole = w => w["signature"] = "AAAA" });
        Refused("or what it signs was changed", new JwsMaker { Hash = HashAlgorithmName.SHA384 });
        Refused("PS384 does not go with a key of RSA 2048", new JwsMaker { Protected = h => h["alg"] = "PS384" });
        Refused("none does not go with a key", new JwsMaker { Protected = h => h["alg"] = "none" });
        Refused("RS256 does not go with a key", new JwsMaker { Protected = h => h["alg"] = "RS256" });
        Refused("its content is of the type 'text/plain'", new JwsMaker { Protected = h => h["cty"] = "text/plain" });
        Refused("has to be understood and is not: 'x'", new JwsMaker { Protected = h => JwsMaker.Add(h, "x", "y") });
        Refused("its signing scheme is not protected", new JwsMaker { Protected = h => h["crit"] = new JsonArray() });
        Refused("scheme 'other' is not known", new JwsMaker { Protected = h => h["io.cncf.notary.signingScheme"] = "other" });
        Refused("its expiry is not protected", new JwsMaker { Protected = h => h["io.cncf.notary.expiry"] = "2040-01-01T00:00:00Z" });
        Refused("the signature has expired", new JwsMaker { Protected = h => JwsMaker.Add(h, "io.cncf.notary.expiry", "2029-12-31T00:00:00Z") });
        Refused("wants a time, and it has none", new JwsMaker { Protected = h => h["io.cncf.notary.signingScheme"] = "notary.x509.signingAuthority" });
        Refused("is of another image", new JwsMaker { Payload = p => p["targetArtifact"]!["digest"] = "sha256:" + new string('b', 64) });
        Refused("lacks the key targetArtifact", new JwsMaker { Payload = p => p.Remove("targetArtifact") });
        Refused("is not signed by", new JwsMaker { Issuer = TestAuthority.Root() });
        Refused("is not for signing code", new JwsMaker { Wanted = new TestCertificate { Extensions = [TestCertificate.Usage("1.3.6.1.5.5.7.3.1")] } });
        Refused("it has 0 certificates", new JwsMaker { Whole = w => w["header"]!["x5c"] = new JsonArray() });
        Refused("unknown key 'more'", new JwsMaker { Whole = w => w["more"] = 1 });
        Refused("is not base64url", new JwsMaker { Whole = w => w["payload"] = "+A==" });
    }

    [Theory]
    [InlineData("strict", null, false)]
    [InlineData("permissive", null, true)]
    [InlineData("audit", null, true)]
    [InlineData("strict", "authenticTimestamp", true)]
    public void A_certificate_that_is_over_counts_as_the_level_says(string level, string? overridden, bool isGood)
    {
        var maker = new JwsMaker { Wanted = new JwsMaker().Wanted with { To = Now.AddDays(-1) } };
        var proof = Check(maker, Statement(level, overridden: overridden));
        Assert.Equal(isGood, proof.Refusal is null);
        Assert.Contains("no timestamp is checked here", isGood ? Assert.Single(proof.Warnings) : proof.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Levels_say_what_matters()
    {
        var expired = new JwsMaker { Protected = h => JwsMaker.Add(h, "io.cncf.notary.expiry", "2029-12-31T00:00:00Z") };
        Assert.Equal("the signature has expired", Assert.Single(Check(expired, Statement("permissive")).Warnings));
        var foreign = new JwsMaker { Issuer = TestAuthority.Root("CN=Other") };
        Assert.NotNull(Check(foreign, Statement("permissive")).Refusal);
        Assert.Contains("no trusted authority", Assert.Single(Check(foreign, Statement("audit")).Warnings), StringComparison.Ordinal);
        var changed = new JwsMaker { Whole = w => w["signature"] = "AAAA" };
        Assert.NotNull(Check(changed, Statement("audit")).Refusal);
        Assert.True(Check(new JwsMaker(), Statement("skip")).IsUnsupported);
    }

    [Fact]
    public void Revocation_that_would_be_asked_over_the_network_is_unknown_where_it_matters()
    {
        var list = new X509Extension("2.5.29.31", [0x30, 0], false);
        var maker = new JwsMaker { Wanted = new JwsMaker().Wanted.With(list) };
        var proof = Check(maker);
        Assert.True(proof.IsUnsupported);
        Assert.Contains("revoked", proof.Refusal, StringComparison.Ordinal);
        Assert.Null(Check(maker, Statement("permissive")).Refusal);
    }

    [Fact]
    public void The_time_of_a_signing_authority_counts()
    {
        var maker = new JwsMaker
        {
            Wanted = new JwsMaker().Wanted with { To = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero) },
            Protected = h =>
            {
                h["io.cncf.notary.signingScheme"] = "notary.x509.signingAuthority";
                JwsMaker.Add(h, "io.cncf.notary.authenticSigningTime", "2024-05-01T12:00:00Z");
            },
        };
        Assert.Null(new NotaryVerifier(Statement(), [], Root).Check(maker.Make(), Digest.Parse(JwsMaker.Image), Now).Refusal);
        Assert.NotNull(new NotaryVerifier(Statement(), Root, []).Check(maker.Make(), Digest.Parse(JwsMaker.Image), Now).Refusal);
    }

    [Theory]
    [InlineData("""{"version":"2.0","trustPolicies":[]}""", "not of the version 1.0")]
    [InlineData("""{"version":"1.0","trustPolicies":[]}""", "a scope twice, or none")]
    [InlineData("""{"version":"1.0","trustPolicies":[],"x":1}""", "unknown key 'x'")]
    [InlineData("""{"version":"1.0","trustPolicies":[{"name":"a","registryScopes":["*"],"signatureVerification":{"level":"hard"}}]}""", "'hard' is not known")]
    [InlineData("""{"version":"1.0","trustPolicies":[{"name":"a","registryScopes":["*"],"signatureVerification":{"level":"strict"}}]}""", "have to name something")]
    [InlineData(
        """{"version":"1.0","trustPolicies":[{"name":"a","registryScopes":["*","b/c"],"signatureVerification":{"level":"skip"}}]}""", "a scope twice, or none")]
    public void A_policy_that_is_not_right_says_why(string policy, string reason) => Assert.Contains(
        reason, Assert.Throws<FormatException>(() => NotaryPolicy.Read(Encoding.UTF8.GetBytes(policy))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_statement_of_a_repository_goes_before_that_of_all()
    {
        var policy = NotaryPolicy.Read("""
            {"version":"1.0","trustPolicies":[{"name":"all","registryScopes":["*"],"signatureVerification":{"level":"skip"}},
             {"name":"one","registryScopes":["r.test/a"],"signatureVerification":{"level":"audit"},"trustStores":["ca:x"],"trustedIdentities":["*"]}]}
            """u8.ToArray());
        Assert.Equal(("one", "all", "all"), (policy.Find("r.test/a")!.Name, policy.Find("r.test/a/b")!.Name, policy.Find("r.test/b")!.Name));
    }

    private static void Refused(string reason, JwsMaker maker)
    {
        var proof = Check(maker);
        Assert.Contains(reason, proof.Refusal, StringComparison.Ordinal);
        Assert.Equal((null, false), (proof.Signer, proof.IsUnsupported));
    }

    private static NotaryProof Check(JwsMaker maker, NotaryStatement? statement = null) =>
        Check(maker.Make(), JwsMaker.Image, Root, statement ?? Statement());

    private static NotaryProof Check(FoundSignature found, string image, IReadOnlyList<Certificate> roots, NotaryStatement statement) =>
        new NotaryVerifier(statement, roots, []).Check(found, Digest.Parse(image), Now);

    private static NotaryStatement Statement(string level = "strict", string identity = Identity, string? overridden = null)
    {
        var verification = new JsonObject { ["level"] = level };
        if (overridden is not null)
        {
            verification["override"] = new JsonObject { [overridden] = "log" };
        }

        var policy = new JsonObject
        {
            ["version"] = "1.0",
            ["trustPolicies"] = new JsonArray(new JsonObject
            {
                ["name"] = "test",
                ["registryScopes"] = new JsonArray("*"),
                ["signatureVerification"] = verification,
                ["trustStores"] = new JsonArray("ca:test"),
                ["trustedIdentities"] = new JsonArray(identity),
            }),
        };
        return NotaryPolicy.Read(Encoding.UTF8.GetBytes(policy.ToJsonString())).Find("any")!;
    }

    private static (FoundSignature Found, string Image, IReadOnlyList<Certificate> Authority) Load(string name)
    {
        using var stream = typeof(NotaryVerifierTests).Assembly.GetManifestResourceStream("notary-signatures")!;
        var json = JsonNode.Parse(stream)!.AsArray().Single(j => j!["name"]!.GetValue<string>() == name)!;
        string Text(string key) => json[key]!.GetValue<string>();
        var found = new FoundSignature(
            SignatureKind.Notary, Convert.FromBase64String(Text("content")), Text("mediaType"), new Dictionary<string, string>(), "a fixture");
        return (found, Text("image"), Certificate.ReadTrusted(Encoding.UTF8.GetBytes(Text("authority"))));
    }
}
