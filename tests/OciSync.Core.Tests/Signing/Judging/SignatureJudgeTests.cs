using System.Text;
using OciSync.Core.References;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Judging;

namespace OciSync.Core.Tests.Signing.Judging;

/// <summary>From requirements and signatures to a verdict; what cryptography says is given.</summary>
public sealed class SignatureJudgeTests
{
    private static readonly Digest Manifest = Digest.Of(Encoding.UTF8.GetBytes("a manifest"));
    private static readonly PolicySubject Subject = PolicySubject.Of(ImageLocation.Parse("r.test/team/app:1"));
    private static readonly PolicyRequirement Anna = By("anna");
    private static readonly PolicyRequirement Ben = By("ben");

    [Fact]
    public void One_good_signature_is_enough_and_bad_ones_beside_it_do_no_harm()
    {
        var verdict = Judge([Anna], Broken(), Signed("ben"), Signed("anna"));
        Assert.Equal((TrustStatus.Trusted, "anna"), (verdict.Status, Assert.Single(verdict.Signers)));
        Assert.Same(Anna, verdict.Requirement);
    }

    [Fact]
    public void Every_requirement_has_to_be_satisfied_each_by_a_signature_of_its_own()
    {
        Assert.Equal(["anna", "ben"], Judge([Anna, Ben], Signed("ben"), Signed("anna")).Signers);
        var verdict = Judge([Anna, Ben], Signed("anna"));
        Assert.Equal((TrustStatus.Untrusted, Ben), (verdict.Status, verdict.Requirement));
        Assert.Equal("its signature is not accepted: no key of ben's", verdict.Reason);
    }

    [Fact]
    public void What_accepts_anything_neither_adds_nor_takes_away()
    {
        Assert.Equal(TrustStatus.Trusted, Judge([new PolicyRequirement.InsecureAcceptAnything(), Anna], Signed("anna")).Status);
        Assert.Equal(TrustStatus.Unsigned, Judge([new PolicyRequirement.InsecureAcceptAnything(), Anna]).Status);
        Assert.Equal(TrustStatus.Unknown, Judge([new PolicyRequirement.InsecureAcceptAnything()], Signed("anna")).Status);
    }

    [Fact]
    public void What_refuses_everything_refuses_what_is_signed()
    {
        Assert.Equal(TrustStatus.Untrusted, Judge([new PolicyRequirement.Reject()], Signed("anna")).Status);
        Assert.Equal(TrustStatus.Untrusted, Judge([Anna, new PolicyRequirement.Reject()], Signed("anna")).Status);
        Assert.Equal(TrustStatus.Untrusted, Judge([new PolicyRequirement.SignedBaseLayer(new SignedIdentity.MatchExact())], Signed("anna")).Status);
    }

    [Fact]
    public void A_signature_of_another_format_is_none()
    {
        var verdict = Judge([Anna], Signed("anna", kind: SignatureKind.Sigstore));
        Assert.Equal(TrustStatus.Unsigned, verdict.Status);
        Assert.Equal("a signature (OpenPGP) is required, and there is none; what is there does not count: 1 sigstore signature", verdict.Reason);
    }

    [Fact]
    public void What_is_signed_for_another_manifest_is_refused_and_has_no_remedy()
    {
        var verdict = Judge([Anna], Signed("anna", digest: Digest.Of([1])));
        Assert.Equal((TrustStatus.Untrusted, null), (verdict.Status, verdict.Remedy));
        Assert.StartsWith("its signature is not accepted: it is for another manifest, sha256:", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_signed_under_another_name_is_refused_with_the_lines_that_would_let_it_in()
    {
        var verdict = Judge([Anna], Signed("anna", "quay.io/team/app:1"));
        Assert.Equal(TrustStatus.Untrusted, verdict.Status);
        Assert.Equal("its signature is not accepted: it is for the name 'quay.io/team/app:1', which matchRepoDigestOrExact does not accept", verdict.Reason);
        Assert.Contains("\"prefix\": \"r.test\", \"signedPrefix\": \"quay.io\"", verdict.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r.test/Team/app:1")]
    [InlineData("")]
    [InlineData("r.test/team/app:1:2")]
    public void What_is_signed_under_no_name_at_all_is_refused(string name)
    {
        var verdict = Judge([By("anna", new SignedIdentity.MatchRepository())], Signed("anna", name));
        Assert.Equal((TrustStatus.Untrusted, null), (verdict.Status, verdict.Remedy));
    }

    [Fact]
    public void What_was_signed_and_is_no_statement_on_an_image_is_refused()
    {
        var verdict = Judge([Anna], Found("anna|{}"));
        Assert.Equal(TrustStatus.Untrusted, verdict.Status);
        Assert.Contains("no statement on an image", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_reason_is_said_once()
    {
        var verdict = Judge([Anna], Signed("ben"), Signed("ben"), Broken());
        Assert.Equal("none of its 3 signatures is accepted: no key of anna's; broken", verdict.Reason);
    }

    private static TrustVerdict Judge(IReadOnlyList<PolicyRequirement> requirements, params FoundSignature[] found) =>
        new SignatureJudge(Verify).Judge(Subject, requirements, Manifest, found);

    // Signatures here are the signer, a line and the payload; whose key a requirement has stands in its path.
    private static SignatureProof Verify(FoundSignature signature, PolicyRequirement requirement)
    {
        var key = ((PolicyRequirement.SignedBy)requirement).Keys.Paths[0];
        var parts = Encoding.UTF8.GetString(signature.Content).Split('|', 2);
        return parts.Length < 2 ? SignatureProof.Refused("broken")
            : parts[0] == key ? SignatureProof.By(key, Encoding.UTF8.GetBytes(parts[1]))
            : SignatureProof.Refused($"no key of {key}'s");
    }

    private static PolicyRequirement By(string key, SignedIdentity? identity = null) =>
        new PolicyRequirement.SignedBy(KeyTypes.Gpg, KeySource.OfFiles(key), identity ?? new SignedIdentity.MatchRepoDigestOrExact());

    private static FoundSignature Broken() => Found("?");

    private static FoundSignature Signed(
        string signer, string name = "r.test/team/app:1", Digest? digest = null, SignatureKind kind = SignatureKind.OpenPgp) => Found(
        $$$"""
        {{{signer}}}|{"critical":{"identity":{"docker-reference":"{{{name}}}"},"image":{"docker-manifest-digest":"{{{digest ?? Manifest}}}"},
        "type":"atomic container signature"},"optional":{}}
        """,
        kind);

    private static FoundSignature Found(string content, SignatureKind kind = SignatureKind.OpenPgp) =>
        new(kind, Encoding.UTF8.GetBytes(content), string.Empty, new Dictionary<string, string>(), "signature-1");
}
