using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Signing;

namespace OciSync.Core.Tests.Signing;

/// <summary>What a policy file may be, and how the place is told of what it may not be.</summary>
public sealed class PolicyReaderTests
{
    public static TheoryData<string> Invalid => [.. PolicyCases.Names(isValid: false)];

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_invalid_policy_is_refused_and_the_key_named(string name)
    {
        using var cases = new PolicyCases();
        var (image, policy, answer) = cases.Find(name);
        var opened = cases.Open(policy);
        Assert.Equal(OciErrorKind.PolicyInvalid, opened.Failure?.Kind);
        Assert.Contains(opened.Path, opened.Failure!.Message, StringComparison.Ordinal);
        var file = opened.Describe();
        Assert.Equal((false, 1, answer.Split(' ')[1].Trim('-')), (file.IsValid, file.Line, file.Key));
        var check = cases.Check(policy, image);
        Assert.Equal((false, "Reject", opened.Failure.Message), (check.IsValid, check.Decision, check.Reason));
    }

    [Fact]
    public void All_that_skopeo_takes_is_taken_and_all_else_refused()
    {
        Assert.InRange(PolicyCases.Details.Count, 190, int.MaxValue);
        Assert.Multiple([.. PolicyCases.Details.Select<(bool IsValid, string Policy), Action>(detail => () =>
            Assert.True(detail.IsValid == (FindFault(detail.Policy) is null), $"{detail.Policy}: {FindFault(detail.Policy)?.Message ?? "taken"}"))]);
    }

    [Theory]
    [InlineData("", "it is empty", 1, 1, "")]
    [InlineData(" \n ", "it is empty", 1, 1, "")]
    [InlineData(
        "{\n  \"default\": [\n    { \"type\": \"reject\" },\n    { \"type\": \"reject\", \"why\": 1 }\n  ]\n}",
        "not known here", 4, 25, "default[1].why")]
    [InlineData(
        "{\n  \"default\": [{ \"type\": \"signedBy\", \"keyType\": \"GPGKeys\",\n    \"keyData\": \"a b\" }]\n}",
        "not base64", 3, 5, "default[0].keyData")]
    [InlineData(
        "{\"default\": [{\"type\": \"reject\"}],\n\"transports\": {\"docker\": {\"quay.io\": [null]}}}",
        "is null", 2, 39, "transports.docker[\"quay.io\"][0]")]
    [InlineData("{\"default\": [{\"type\": \"reject\"}]\n]", "not JSON", 2, 1, "")]
    [InlineData("{\"default\": [{\"type\": \"reject\"}]}\n\u0000", "not JSON", 2, 1, "")]
    [InlineData("{\"default\": [{\"type\": \"rej\tect\"}]}", "not JSON", 1, 27, "")]
    [InlineData("{\"default\": [{\"type\": \"\\ud800\"}]}", "not valid Unicode", 1, 23, "")]
    [InlineData("{\"default\": [{\"type\": \"reject\"}], \"TRANSPORTS\": {}}", "it is written transports", 1, 35, "TRANSPORTS")]
    [InlineData(
        "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"dir\": {\"/a/../b/\": [{\"type\": \"reject\"}]}}}",
        "it has to be written /b", 1, 58, "transports.dir[\"/a/../b/\"]")]
    public void The_place_is_told_by_line_column_and_key(string policy, string fault, int line, int column, string key)
    {
        var found = FindFault(policy)!;
        Assert.Contains(fault, found.Message, StringComparison.Ordinal);
        Assert.Equal((line, column, key), (found.Line, found.Column, found.Key));
    }

    [Fact]
    public void A_policy_that_nests_without_end_is_refused() =>
        Assert.Contains("not JSON", FindFault(new string('[', 100_000))!.Message, StringComparison.Ordinal);

    [Fact]
    public void Text_that_is_no_UTF8_is_refused()
    {
        byte[] policy = [.. Encoding.ASCII.GetBytes("{\"default\": [{\"type\": \""), 0xC3, (byte)'"', .. Encoding.ASCII.GetBytes("}]}")];
        Assert.Contains("Unicode", Assert.Throws<PolicyFaultException>(() => PolicyReader.Read(policy)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_file_says_is_shown_without_characters_that_a_terminal_acts_on()
    {
        using var cases = new PolicyCases();
        var opened = cases.Open("{\"default\": [{\"type\": \"\\u001b[2J\"}], \"\\u001b\\u202e\": 1}");
        Assert.DoesNotContain(opened.Failure!.Message + opened.Describe().Fault + opened.Describe().Key, char.IsControl);
        opened = cases.Open("{\"default\": [{\"type\": \"\\u001b[2J\"}]}");
        Assert.DoesNotContain(opened.Failure!.Message + opened.Describe().Fault, char.IsControl);
    }

    [Fact]
    public void Requirements_are_read_whole()
    {
        var policy = PolicyReader.Read(Encoding.UTF8.GetBytes("""
            {"default": [
              {"type": "signedBy", "keyType": "GPGKeys", "keyPaths": ["/a.gpg", "b.gpg"],
                "signedIdentity": {"type": "remapIdentity", "prefix": "r.test/m", "signedPrefix": "quay.io"}},
              {"type": "signedBy", "keyType": "GPGKeys", "keyData": "a2V5"},
              {"type": "sigstoreSigned", "keyPath": "/k.pub", "rekorPublicKeyDatas": ["YQ==", "YmI="],
                "signedIdentity": {"type": "exactReference", "dockerReference": "busybox:1"}},
              {"type": "sigstoreSigned", "fulcio": {"caPath": "/ca.pem", "oidcIssuer": "https://i.test", "subjectEmail": "a@b.test"},
                "rekorPublicKeyPath": "/r.pub"},
              {"type": "sigstoreSigned", "pki": {"caRootsPath": "/ca.pem", "caIntermediatesPath": "/i.pem", "subjectHostname": "h.test"},
                "signedIdentity": {"type": "exactRepository", "dockerRepository": "r.test/a:1"}},
              {"type": "signedBaseLayer", "baseLayerIdentity": {"type": "matchExact"}}]}
            """));
        Assert.Equal(
        [
            "signedBy (/a.gpg, b.gpg; remapIdentity r.test/m -> quay.io)",
            "signedBy (key in the policy (3 bytes); matchRepoDigestOrExact)",
            "sigstoreSigned (/k.pub; rekor key in the policy (1 bytes), key in the policy (2 bytes); exactReference docker.io/library/busybox:1)",
            "sigstoreSigned (fulcio /ca.pem, a@b.test of https://i.test; rekor /r.pub; matchRepoDigestOrExact)",
            "sigstoreSigned (pki /ca.pem, h.test; exactRepository r.test/a)",
            "signedBaseLayer (matchExact)",
        ], policy.Default.Select(r => r.ToString()));
        var keys = Assert.IsType<PolicyRequirement.SignedBy>(policy.Default[1]).Keys;
        Assert.Equal("key"u8.ToArray(), keys.Data.Single().ToArray());
    }

    private static PolicyFaultException? FindFault(string policy)
    {
        try
        {
            PolicyReader.Read(Encoding.UTF8.GetBytes(policy));
            return null;
        }
        catch (PolicyFaultException e)
        {
            return e;
        }
    }
}
