using OciSync.Core.Connections;
using OciSync.Core.Errors;

namespace OciSync.Core.Tests.Connections;

public sealed class RegistriesConfigTests
{
    private const string Text = """
        unqualified-search-registries = ["docker.io"]

        [[registry]]
        prefix = "docker.io"
        location = "127.0.0.1:5000/hub"
        insecure = true

        [[registry]]
        prefix = "docker.io/library"
        location = "mirror.test/lib"

        [[registry]]
        location = "plain.test"
        insecure = true

        [[registry]]
        prefix = "*.corp.test"
        location = "gate.test"

        [[registry]]
        prefix = "bad.test"
        blocked = true
        """;

    [Theory]
    [InlineData("docker.io", "bitnami/kubectl", "127.0.0.1:5000", "hub/bitnami/kubectl", true)]
    [InlineData("docker.io", "library/alpine", "mirror.test", "lib/alpine", false)]
    [InlineData("docker.io", "libraryx/alpine", "127.0.0.1:5000", "hub/libraryx/alpine", true)]
    [InlineData("plain.test", "a", "plain.test", "a", true)]
    [InlineData("a.corp.test", "x/y", "gate.test", "x/y", false)]
    [InlineData("corp.test", "x", "corp.test", "x", false)]
    [InlineData("quay.io", "x", "quay.io", "x", false)]
    public void The_longest_prefix_moves_a_name(string registry, string repository, string host, string there, bool insecure) =>
        Assert.Equal(new RegistryAddress(host, there, insecure), RegistriesConfig.Parse(Text, "f").Resolve(registry, repository));

    [Fact]
    public void A_blocked_registry_is_refused()
    {
        var failure = Assert.Throws<OciException>(() => RegistriesConfig.Parse(Text, "f").Resolve("bad.test", "x"));
        Assert.Equal(OciErrorKind.Forbidden, failure.Kind);
    }

    [Theory]
    [InlineData("[[registry")]
    [InlineData("registry = 1")]
    [InlineData("[[registry]]\ninsecure = true")]
    public void A_broken_file_is_named(string text)
    {
        var failure = Assert.Throws<OciException>(() => RegistriesConfig.Parse(text, "the/file"));
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains("the/file", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_when_it_was_named() =>
        Assert.Equal(OciErrorKind.ConfigurationInvalid, Assert.Throws<OciException>(() => RegistriesConfig.Load("/no/such/file")).Kind);
}
