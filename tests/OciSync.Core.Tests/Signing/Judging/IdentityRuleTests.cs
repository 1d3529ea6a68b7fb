using OciSync.Core.Signing;
using OciSync.Core.Signing.Judging;

namespace OciSync.Core.Tests.Signing.Judging;

/// <summary>Which names of signatures fit which names that are asked for.</summary>
public sealed class IdentityRuleTests
{
    private const string Digest = "@sha256:0000000000000000000000000000000000000000000000000000000000000000";

    [Theory]
    [InlineData("matchRepoDigestOrExact", "r.test/a:1", "r.test/a:1", true)]
    [InlineData("matchRepoDigestOrExact", "r.test/a:1", "r.test/a:2", false)]
    [InlineData("matchRepoDigestOrExact", "r.test/a:1", "r.test/a", false)]
    [InlineData("matchRepoDigestOrExact", "r.test/a:1", "r.test/a" + Digest, false)]
    [InlineData("matchRepoDigestOrExact", "r.test/a" + Digest, "r.test/a:2", true)]
    [InlineData("matchRepoDigestOrExact", "r.test/a" + Digest, "r.test/a" + Digest, true)]
    [InlineData("matchRepoDigestOrExact", "r.test/a" + Digest, "r.test/a", false)]
    [InlineData("matchRepoDigestOrExact", "r.test/a" + Digest, "r.test/b:2", false)]
    [InlineData("matchRepoDigestOrExact", null, "r.test/a:1", false)]
    [InlineData("matchExact", "r.test/a:1", "r.test/a:1", true)]
    [InlineData("matchExact", "r.test/a" + Digest, "r.test/a:1", false)]
    [InlineData("matchExact", "r.test/a" + Digest, "r.test/a" + Digest, true)]
    [InlineData("matchExact", "busybox:1", "docker.io/library/busybox:1", true)]
    [InlineData("matchRepository", "r.test/a:1", "r.test/a", true)]
    [InlineData("matchRepository", "r.test/a:1", "r.test/a" + Digest, true)]
    [InlineData("matchRepository", "r.test/a:1", "r.test/ab:1", false)]
    [InlineData("matchRepository", null, "r.test/a:1", false)]
    [InlineData("exactReference s.test/x:1", "r.test/a:1", "s.test/x:1", true)]
    [InlineData("exactReference s.test/x:1", null, "s.test/x:1", true)]
    [InlineData("exactReference s.test/x:1", "r.test/a:1", "s.test/x:2", false)]
    [InlineData("exactRepository s.test/x", null, "s.test/x", true)]
    [InlineData("exactRepository s.test/x", "r.test/a:1", "s.test/x:9", true)]
    [InlineData("exactRepository s.test/x", "r.test/a:1", "s.test/xy:9", false)]
    [InlineData("remapIdentity m.test/q quay.io", "m.test/q/a/b:1", "quay.io/a/b:1", true)]
    [InlineData("remapIdentity m.test/q quay.io", "m.test/q/a/b:1", "quay.io/a/b:2", false)]
    [InlineData("remapIdentity m.test/q quay.io", "m.test/q/a/b:1", "quay.io/a/b", false)]
    [InlineData("remapIdentity m.test/q quay.io", "m.test/qq/b:1", "quay.io/q/b:1", false)]
    [InlineData("remapIdentity m.test/q quay.io", "m.test/qq/b:1", "m.test/qq/b:1", true)]
    [InlineData("remapIdentity m.test/q/a/b quay.io/b", "m.test/q/a/b:1", "quay.io/b:1", true)]
    [InlineData("remapIdentity m.test quay.io", null, "quay.io/a:1", false)]
    public void A_name_is_accepted_by_the_rule_of_the_policy(string identity, string? asked, string inSignature, bool isAccepted) =>
        Assert.Equal(isAccepted, IdentityRule.Accepts(Identities.Parse(identity), asked is null ? null : Name(asked), Name(inSignature)));

    [Theory]
    [InlineData("matchRepoDigestOrExact", "m.test/mirror/team/app:1", "quay.io/team/app:1", "\"prefix\": \"m.test/mirror\", \"signedPrefix\": \"quay.io\"")]
    [InlineData("matchRepoDigestOrExact", "m.test/app:1", "quay.io/team/app:1", "remapIdentity\", \"prefix\": \"m.test\", \"signedPrefix\": \"quay.io/team\"")]
    [InlineData("matchRepoDigestOrExact", "m.test/one:1", "quay.io/two:1", "remapIdentity\", \"prefix\": \"m.test/one\", \"signedPrefix\": \"quay.io/two\"")]
    [InlineData("matchRepoDigestOrExact", "m.test/app:1", "quay.io/app", "exactRepository\", \"dockerRepository\": \"quay.io/app\"")]
    [InlineData("matchRepoDigestOrExact", "m.test/app:1", "quay.io/app:2", "exactRepository\", \"dockerRepository\": \"quay.io/app\"")]
    [InlineData("matchRepoDigestOrExact", "quay.io/app:1", "quay.io/app", "matchRepository")]
    [InlineData("matchExact", "quay.io/app:1", "quay.io/app:2", "If any tag of the repository will do, in the policy: ")]
    [InlineData("remapIdentity m.test quay.io", "m.test/app:1", "quay.io/app", "exactRepository\", \"dockerRepository\": \"quay.io/app\"")]
    [InlineData("matchExact", null, "quay.io/app:1", "exactReference\", \"dockerReference\": \"quay.io/app:1\"")]
    [InlineData("matchExact", null, "quay.io/app", "exactRepository\", \"dockerRepository\": \"quay.io/app\"")]
    [InlineData("exactReference s.test/x:1", "m.test/app:1", "quay.io/app:1", "exactReference\", \"dockerReference\": \"quay.io/app:1\"")]
    public void What_is_signed_under_another_name_says_what_would_fit_and_that_fits(string identity, string? asked, string inSignature, string remedy)
    {
        var (wanted, name) = (asked is null ? null : Name(asked), Name(inSignature));
        Assert.False(IdentityRule.Accepts(Identities.Parse(identity), wanted, name));
        var text = IdentityRemedy.Of(Identities.Parse(identity), wanted, name);
        Assert.Contains(remedy, text, StringComparison.Ordinal);

        // The line is one of a policy, and with it the signature is accepted.
        var line = text[text.IndexOf('{', StringComparison.Ordinal)..];
        var key = """{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "k", "signedIdentity": """;
        var policy = PolicyFiles.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"default": [{{key}}{{line}} }]}"""), "policy.json");
        var requirement = Assert.IsType<PolicyRequirement.SignedBy>(Assert.Single(policy.Default));
        Assert.True(IdentityRule.Accepts(requirement.Identity, wanted, name), line);
    }

    private static DockerName Name(string text) => DockerName.Parse(text, out var fault) ?? throw new ArgumentException(fault);
}
