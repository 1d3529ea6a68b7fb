using System.Text;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Tests.Signing.Formats;

/// <summary>What a signature may say. The verdicts are those of skopeo 1.9.3, 1.18 and 1.22.</summary>
public sealed class SignedPayloadTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    // Of skopeo 1.18's and cosign 2.5's own making, with another name and digest.
    private static readonly string Simple = Payload(SignedPayload.OpenPgpType, """{"creator":"atomic 5.34.2","timestamp":1795871847}""");

    private static readonly string Skopeo = Payload(SignedPayload.SigstoreType, """{"creator":"containers/image 5.34.2","timestamp":1795871847}""");

    private static readonly string Cosign = Payload(SignedPayload.SigstoreType, "null").Replace("app/one:1.0", "app/one", StringComparison.Ordinal);

    /// <summary>Texts with whether each kind takes them.</summary>
    public static TheoryData<string, bool, bool> Optional => new()
    {
        { "{}", true, true },
        { "null", false, true },
        { "[]", false, false },
        { """{"team":"x","n":{"a":[1]}}""", true, true },
        { """{"timestamp":5.0}""", true, true },
        { """{"timestamp":5e0}""", true, true },
        { """{"timestamp":5.5}""", false, false },
        { """{"timestamp":"5"}""", false, false },
        { """{"timestamp":1e400}""", false, false },
        { """{"timestamp":1e300}""", true, true },
        { """{"timestamp":null,"creator":null}""", true, true },
        { """{"creator":1}""", false, false },
        { """{"creator":"a","creator":"a"}""", false, false },
        { """{"Creator":1,"x":1}""", true, true },
    };

    [Fact]
    public void What_skopeo_signs_is_read()
    {
        var read = Read(Simple, SignatureKind.OpenPgp);
        Assert.Equal(
            new SignedPayload(
                SignatureKind.OpenPgp, "127.0.0.1:5000/app/one:1.0", Digest.Parse("sha256:" + Hex), "atomic 5.34.2",
                DateTimeOffset.FromUnixTimeSeconds(1795871847)),
            read);
        read = Read(Skopeo, SignatureKind.Sigstore);
        Assert.Equal(("127.0.0.1:5000/app/one:1.0", "containers/image 5.34.2"), (read.DockerReference, read.Creator));
    }

    [Fact]
    public void What_cosign_signs_has_no_tag_and_nothing_beside()
    {
        var read = Read(Cosign, SignatureKind.Sigstore);
        Assert.Equal(("127.0.0.1:5000/app/one", null, null), (read.DockerReference, read.Creator, read.Timestamp));
    }

    [Fact]
    public void One_kind_is_not_the_other()
    {
        Assert.Contains("its type is 'cosign container image signature'", Fault(Skopeo, SignatureKind.OpenPgp), StringComparison.Ordinal);
        Assert.Contains("its type is 'atomic container signature'", Fault(Simple, SignatureKind.Sigstore), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Optional))]
    public void What_stands_beside_the_image_may_be_unknown_but_not_wrong(string optional, bool simple, bool sigstore)
    {
        Assert.Equal(simple, Fault(Payload(SignedPayload.OpenPgpType, optional), SignatureKind.OpenPgp) is null);
        Assert.Equal(sigstore, Fault(Payload(SignedPayload.SigstoreType, optional), SignatureKind.Sigstore) is null);
    }

    [Theory]
    [InlineData("  \n", "\n\t ")]
    [InlineData("", "\n")]
    public void Blanks_around_do_no_harm(string before, string after) => Assert.Null(Fault(before + Simple + after, SignatureKind.OpenPgp));

    [Fact]
    public void The_order_of_keys_does_not_matter()
    {
        var turned = $$"""{"optional":{},"critical":{"type":"{{SignedPayload.OpenPgpType}}","image":{"docker-manifest-digest":"sha256:{{Hex}}"},"""
            + """ "identity":{"docker-reference":"a"}}}""";
        Assert.Equal("a", Read(turned, SignatureKind.OpenPgp).DockerReference);
    }

    [Theory]
    [InlineData(",\"optional\":{", ",\"more\":1,\"optional\":{", "the text has the unknown key 'more'")]
    [InlineData(",\"optional\":{", ",\"Optional\":{", "the text has the unknown key 'Optional'")]
    [InlineData(",\"optional\":{", ",\"optional\":{},\"optional\":{", "the text has the key 'optional' twice")]
    [InlineData("{\"critical\":{", "{\"critical\":{\"x\":1,", "critical has the unknown key 'x'")]
    [InlineData("\"image\":{", "\"image\":{\"x\":1,", "critical.image has the unknown key 'x'")]
    [InlineData("\"identity\":{", "\"identity\":{\"docker-reference\":\"a\",", "critical.identity has the key 'docker-reference' twice")]
    [InlineData("docker-manifest-digest\":\"sha256:01", "docker-manifest-digest\":\"sha256:", "its digest 'sha256:2345")]
    [InlineData("\"docker-reference\":\"127.0.0.1:5000/app/one:1.0\"", "\"docker-reference\":null", "docker-reference is no text")]
    [InlineData("\"docker-reference\":\"127.0.0.1:5000/app/one:1.0\"", "", "critical.identity lacks the key docker-reference")]
    [InlineData("atomic container", "Atomic container", "its type is 'Atomic container signature'")]
    [InlineData("{\"critical\"", "[{\"critical\"", "not JSON")]
    [InlineData("{\"critical\"", "/**/{\"critical\"", "not JSON")]
    [InlineData("{\"critical\"", "\uFEFF{\"critical\"", "not JSON")]
    [InlineData("app/one", "app/\\ud800", "not valid Unicode")]
    public void Anything_else_is_refused_and_named(string good, string bad, string fault)
    {
        var text = Simple.Replace(good, bad, StringComparison.Ordinal);
        Assert.NotEqual(Simple, text);
        Assert.Contains(fault, Fault(text, SignatureKind.OpenPgp), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"critical\":null,\"optional\":{}}")]
    public void What_says_nothing_is_refused(string text) => Assert.NotNull(Fault(text, SignatureKind.Sigstore));

    [Fact]
    public void What_follows_the_end_is_refused()
    {
        Assert.Contains("not JSON", Fault(Simple + Simple, SignatureKind.OpenPgp), StringComparison.Ordinal);
        Assert.Contains("not JSON", Fault(Simple + "\0", SignatureKind.OpenPgp), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_without_end_is_not_read()
    {
        var deep = Payload(SignedPayload.OpenPgpType, "{\"x\":" + new string('[', 100_000) + "}");
        Assert.Contains("not JSON", Fault(deep, SignatureKind.OpenPgp), StringComparison.Ordinal);
        Assert.Contains("longer than", Fault(new string(' ', SignedPayload.MaxLength) + Simple, SignatureKind.OpenPgp), StringComparison.Ordinal);
    }

    private static string Payload(string type, string optional) =>
        $$$"""{"critical":{"identity":{"docker-reference":"127.0.0.1:5000/app/one:1.0"},"image":{"docker-manifest-digest":"sha256:{{{Hex}}}"},"""
        + $$"""
        "type":"{{type}}"},"optional":{{optional}}}
        """;

    private static SignedPayload Read(string text, SignatureKind kind)
    {
        var read = SignedPayload.Read(Encoding.UTF8.GetBytes(text), kind, out var fault);
        Assert.Null(fault);
        return Assert.IsType<SignedPayload>(read);
    }

    private static string? Fault(string text, SignatureKind kind)
    {
        var read = SignedPayload.Read(Encoding.UTF8.GetBytes(text), kind, out var fault);
        Assert.Equal(fault is null, read is not null);
        return fault;
    }
}
