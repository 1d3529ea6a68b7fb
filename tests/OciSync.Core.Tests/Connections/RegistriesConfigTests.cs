using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Machine;

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

    [Theory]
    [InlineData("docker.io", false)]
    [InlineData("plain.test", true)]
    [InlineData("other.test", false)]
    public void Insecure_is_said_of_the_place_where_an_entry_leads(string registry, bool insecure) =>
        Assert.Equal(insecure, RegistriesConfig.Parse(Text, "f").IsInsecure(registry));

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
        Assert.Equal(OciErrorKind.ConfigurationInvalid, Assert.Throws<OciException>(() => RegistriesConfig.Load(new MachinePlaces(), "/no/such/file")).Kind);

    [Theory]
    [InlineData("[registries.search]\nregistries = ['docker.io']", "registries", "version 1")]
    [InlineData("[[registry]]\nprefix = 1", "registry[1].prefix", "text in quotes")]
    [InlineData("[[registry]]\nlocation = 'a.test'\n[[registry]]\nlocation = 'b.test'\ninsecure = 'yes'", "registry[2].insecure", "true or false")]
    [InlineData("[[registry]]\nlocation = 'a.test'\nblocked = 1", "registry[1].blocked", "true or false")]
    [InlineData("[[registry]]\nlocation = 'https://a.test'", "registry[1].location", "without a scheme")]
    [InlineData("[[registry]]\nlocation = 'a.test/UPPER'", "registry[1].location", "upper-case")]
    [InlineData("[[registry]]\nprefix = 'a b'\nlocation = 'a.test'", "registry[1].prefix", "not a host name")]
    [InlineData("[[registry]]\nprefix = '*.a.test/x'\nlocation = 'a.test'", "registry[1].prefix", "wildcard")]
    [InlineData("[[registry]]\nlocation = 'a.test'\nmirror = 'b.test'", "registry[1].mirror", "[[registry.mirror]]")]
    [InlineData("[[registry]]\nlocation = 'a.test'\n[[registry.mirror]]\ninsecure = true", "registry[1].mirror[1].location", "missing")]
    [InlineData("[[registry]]\nlocation = 'a.test'\n[[registry.mirror]]\nlocation = 'b.test'\npull-from-mirror = 'never'",
        "registry[1].mirror[1].pull-from-mirror", "never")]
    [InlineData(
        "[[registry]]\nlocation = 'a.test'\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = 'b.test'\npull-from-mirror = 'all'",
        "registry[1].mirror[1].pull-from-mirror",
        "mirror-by-digest-only")]
    public void A_broken_key_is_named_with_its_file(string text, string key, string fault)
    {
        var failure = Assert.Throws<OciException>(() => RegistriesConfig.Parse(text, "the/file"));
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.StartsWith($"'the/file': '{key}' ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_keys_are_noted()
    {
        var config = RegistriesConfig.Parse("short-name-mode = 'enforcing'\nx = 1\n[[registry]]\nlocation = 'a.test'\nbloked = true", "the/file");
        Assert.Equal([
            "'the/file': the key 'x' is not known and was not used.", "'the/file': the key 'registry[1].bloked' is not known and was not used."], config.Notes);
        Assert.Equal("a.test", config.Resolve("a.test", "x").Host);
    }

    [Theory]
    [InlineData("all.test", false, "m1.test/x/a m2.test/a")]
    [InlineData("all.test", true, "m1.test/x/a m3.test/a")]
    [InlineData("digests.test", false, "")]
    [InlineData("digests.test", true, "m1.test/a")]
    [InlineData("other.test", true, "")]
    public void Mirrors_are_in_order_and_for_what_they_are_for(string registry, bool byDigest, string expected)
    {
        var config = RegistriesConfig.Parse(
            """
            [[registry]]
            location = "all.test"
            mirror = [
              { location = "m1.test/x", insecure = true },
              { location = "m2.test", pull-from-mirror = "tag-only" },
              { location = "m3.test/", pull-from-mirror = "digest-only" },
            ]

            [[registry]]
            location = "digests.test"
            mirror-by-digest-only = true

            [[registry.mirror]]
            location = "m1.test"
            """,
            "f");
        var mirrors = config.FindMirrors(registry, "a", byDigest);
        Assert.Equal(expected, string.Join(" ", mirrors.Select(m => m.Host + "/" + m.Repository)));
        Assert.All(mirrors, m => Assert.Equal(m.Repository == "x/a", m.Insecure));
    }

    [Fact]
    public void Docker_hub_has_many_names()
    {
        var config = RegistriesConfig.Parse("[[registry]]\nprefix = 'index.docker.io'\nlocation = 'registry-1.docker.io/mine'", "f");
        Assert.Equal(new RegistryAddress("docker.io", "mine/library/alpine", false), config.Resolve("docker.io", "library/alpine"));
    }
}
