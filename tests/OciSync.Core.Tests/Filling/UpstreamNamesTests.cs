using OciSync.Core.Distribution;
using OciSync.Core.Errors;
using OciSync.Core.Filling;

namespace OciSync.Core.Tests.Filling;

/// <summary>A client never chooses where we connect.</summary>
public sealed class UpstreamNamesTests
{
    private readonly UpstreamNames _names = new(["docker.io", "quay.io/prometheus", "Registry.Corp:5000"]);

    [Theory]
    [InlineData("", "library/x", "docker.io", "docker.io/library/x")]
    [InlineData("", "x", "docker.io", "docker.io/library/x")]
    [InlineData("", "x", null, "docker.io/library/x")]
    [InlineData("", "team/app", null, "docker.io/team/app")]
    [InlineData("", "docker.io/x", null, "docker.io/library/x")]
    [InlineData("", "prometheus/node", "quay.io", "quay.io/prometheus/node")]
    [InlineData("", "quay.io/prometheus/node", null, "quay.io/prometheus/node")]
    [InlineData("quay.io", "prometheus/node", null, "quay.io/prometheus/node")]
    [InlineData("proxy/quay.io", "prometheus/node", null, "quay.io/prometheus/node")]
    [InlineData("", "a/b", "registry.corp:5000", "registry.corp:5000/a/b")]
    [InlineData("", "registry.corp-5000/a/b", null, "registry.corp:5000/a/b")]
    public void What_was_listed_is_meant(string prefix, string name, string? registry, string upstream)
    {
        var found = _names.Find(new RequestedName(prefix, name, registry))!;
        Assert.Equal(upstream, found.Registry + "/" + found.Repository);
    }

    [Theory]
    [InlineData("", "x", "127.0.0.1:8080")]
    [InlineData("", "x", "localhost:22")]
    [InlineData("", "x", "169.254.169.254")]
    [InlineData("", "x", "evil.example")]
    [InlineData("", "other/node", "quay.io")]
    [InlineData("", "prometheus2/node", "quay.io")]
    [InlineData("", "quay.io/other/node", null)]
    [InlineData("", "a/b", "registry.corp")]
    [InlineData("", "evil.example/a/b", null)]
    [InlineData("", "127.0.0.1-80/a/b", null)]
    [InlineData("evil.example", "a.b/c", null)]
    public void What_was_not_is_nobody_s(string prefix, string name, string? registry) =>
        Assert.Null(_names.Find(new RequestedName(prefix, name, registry)));

    [Theory]
    [InlineData("")]
    [InlineData("quay")]
    [InlineData("https://quay.io")]
    [InlineData("user:secret@quay.io")]
    [InlineData("quay.io/UPPER")]
    public void What_is_no_registry_is_refused_at_the_start(string place)
    {
        var failure = Assert.Throws<OciException>(() => new UpstreamNames([place]));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }
}
