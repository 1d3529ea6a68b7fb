using OciSync.Core.References;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Judging;

namespace OciSync.Core.Tests.Signing;

/// <summary>Which entry of a policy applies to an image, and what it says before any signature is looked at.</summary>
public sealed class PolicyScopeTests
{
    private const string Zero = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    private const string Accept = """[{"type": "insecureAcceptAnything"}]""";

    public static TheoryData<string> Valid => [.. PolicyCases.Names(isValid: true)];

    [Theory]
    [MemberData(nameof(Valid))]
    public void The_narrowest_entry_decides(string name)
    {
        using var cases = new PolicyCases();
        var (image, policy, answer) = cases.Find(name);
        var check = cases.Check(policy, image);
        var decision = answer.Split(' ')[0] switch { "accept" => "Accept", "reject" => "Reject", _ => "NeedsSignature" };
        Assert.Equal((true, decision, answer.Split(' ')[1]), (check.IsValid, check.Decision, check.Scope));
        Assert.NotEmpty(check.Reason);
        Assert.NotEmpty(check.Requirements);
    }

    [Theory]
    [InlineData("docker://EXAMPLE.com:5000/a/b", "docker", "example.com:5000/a/b:latest example.com:5000/a/b example.com:5000/a example.com:5000 *.com")]
    [InlineData("alpine", "docker", "docker.io/library/alpine:latest docker.io/library/alpine docker.io/library docker.io *.io")]
    [InlineData("localhost/a:1", "docker", "localhost/a:1 localhost/a localhost")]
    [InlineData("[::1]:5000/a:1", "docker", "[::1]:5000/a:1 [::1]:5000/a [::1]:5000")]
    [InlineData("a.b.test/x:1@" + Zero, "docker", "a.b.test/x@" + Zero + " a.b.test/x a.b.test *.b.test *.test")]
    [InlineData("docker-daemon:a.test/b:1", "docker-daemon", "a.test/b:1 a.test/b a.test *.test")]
    [InlineData("docker-daemon:sha256:0000000000000000000000000000000000000000000000000000000000000000", "docker-daemon", "")]
    [InlineData("docker-archive:/x/a.tar:b:1", "docker-archive", "")]
    [InlineData("tarball:/x/a.tar", "tarball", "")]
    public void An_image_is_in_its_scopes_the_narrowest_first(string image, string transport, string scopes)
    {
        var subject = PolicySubject.Of(ImageLocation.Parse(image));
        Assert.Equal((transport, scopes), (subject.Transport, string.Join(" ", subject.Scopes)));
    }

    [Theory]
    [InlineData("dir")]
    [InlineData("oci")]
    [InlineData("oci-archive")]
    public void A_folder_is_in_the_scopes_of_where_it_really_is(string transport)
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || ThisBuild.Framework.StartsWith(".NETStandard", StringComparison.Ordinal),
            "links are followed on the other platforms");
        using var cases = new PolicyCases();
        Directory.CreateDirectory(cases.Folder["real"]);
        Directory.CreateSymbolicLink(cases.Folder["one"], "real");
        Directory.CreateSymbolicLink(cases.Folder["two"], cases.Folder["one"]);
        var scopes = $$"""{"{{cases.Folder["real"]}}": {{Accept}}, "{{cases.Folder["two"]}}/x": [{"type": "reject"}]}""";
        var policy = $$"""{"default": [{"type": "reject"}], "transports": {"{{transport}}": {{scopes}} } }""";
        var check = cases.Check(policy, $"{transport}:{cases.Folder["two"]}/x");
        Assert.Equal(("Accept", cases.Folder["real"]), (check.Decision, check.Scope));
    }

    [Fact]
    public void A_link_in_a_circle_is_a_failure_and_not_an_endless_search()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a link");
        using var cases = new PolicyCases();
        Directory.CreateSymbolicLink(cases.Folder["a"], "b");
        Directory.CreateSymbolicLink(cases.Folder["b"], "a");
        var policy = cases.Open($$"""{"default": {{Accept}} }""");
        var failure = Assert.Throws<Core.Errors.OciException>(() => policy.Check(ImageLocation.Parse($"dir:{cases.Folder["a"]}")));
        Assert.Equal("OciStorageFailed", failure.ErrorId);
    }

    [Fact]
    public void A_relative_key_is_looked_for_in_the_folder_of_the_policy()
    {
        using var cases = new PolicyCases();
        const string Policy = """{"default": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "anna.gpg"}]}""";
        Assert.Equal("NeedsSignature", cases.Check(Policy, "r.test/a:1").Decision);
        File.Delete(cases.Folder["anna.gpg"]);
        var check = cases.Check(Policy, "r.test/a:1");
        Assert.Equal("Reject", check.Decision);
        Assert.Contains("anna.gpg", check.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_file_has_to_be_there()
    {
        using var cases = new PolicyCases();
        foreach (var trust in new[]
        {
            """ "keyPaths": ["one.pub", "none.pub"] """, """ "keyPath": "one.pub", "rekorPublicKeyPath": "none.pub" """,
            """ "pki": {"caRootsPath": "one.pub", "caIntermediatesPath": "none.pub", "subjectEmail": "a"} """,
            """ "fulcio": {"caPath": "none.pub", "oidcIssuer": "i", "subjectEmail": "a"}, "rekorPublicKeyPath": "one.pub" """,
        })
        {
            var check = cases.Check($$"""{"default": [{"type": "sigstoreSigned",{{trust}} }] }""", "r.test/a:1");
            Assert.Equal("Reject", check.Decision);
            Assert.Contains("'none.pub'", check.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(@"C:\images", true)]
    [InlineData(@"C:\", true)]
    [InlineData(@"\\server\share", false)]
    [InlineData("/srv/images", false)]
    [InlineData(@"C:\images\", false)]
    [InlineData(@"C:\a\..\b", false)]
    [InlineData("C:/images", false)]
    [InlineData("C:", false)]
    public void On_Windows_a_scope_is_a_path_on_a_drive(string scope, bool isValid) =>
        Assert.Equal(isValid, ScopeRules.FindPathFault(scope, isWindows: true) is null);
}
