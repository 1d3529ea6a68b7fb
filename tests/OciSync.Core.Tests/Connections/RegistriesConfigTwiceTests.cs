using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Machine;
using OciSync.Testing;

namespace OciSync.Core.Tests.Connections;

/// <summary>TOML 1.0: defining a key several times is invalid; a reader that takes the last one could unblock a registry without a word.</summary>
public sealed class RegistriesConfigTwiceTests
{
    [Theory]
    [InlineData("[[registry]]\nprefix = 'a.test'\nblocked = true\nblocked = false\n", "line 4, column 1", "blocked")]
    [InlineData("[[registry]]\nlocation = 'a.test'\n  location = 'b.test'\n", "line 3, column 3", "location")]
    [InlineData("unqualified-search-registries = []\nunqualified-search-registries = ['a.test']\n", "line 2, column 1", "unqualified-search-registries")]
    [InlineData(
        "[[registry]]\nlocation = 'a.test'\n[[registry.mirror]]\nlocation = 'm.test'\ninsecure = false\ninsecure = true\n", "line 6, column 1", "insecure")]
    [InlineData("[aliases]\na = 'b.test/a'\n[aliases]\nc = 'd.test/c'\n", "line 3, column 1", "aliases")]
    [InlineData("[[registry]]\nlocation = 'a.test\n", "line 2, column ", "")]
    public void A_key_that_stands_twice_is_refused_with_its_place(string text, string place, string key)
    {
        var failure = Assert.Throws<OciException>(() => RegistriesConfig.Parse(text, "/etc/x.conf"));
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains("'/etc/x.conf'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(place, failure.Message, StringComparison.Ordinal);
        Assert.Contains(key, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nor_is_it_taken_from_a_drop_in()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["etc/registries.conf.d"]);
        File.WriteAllText(folder["etc/registries.conf.d/1.conf"], "[[registry]]\nprefix = 'a.test'\nblocked = true\nblocked = false\n");
        var failure = Assert.Throws<OciException>(() => RegistriesConfig.Load(new MachinePlaces { SystemFolders = [folder["etc"]] }, null));
        Assert.Contains("1.conf' is not a registries.conf of version 2: line 4, column 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_keys_in_several_tables_are_several_keys()
    {
        var config = RegistriesConfig.Parse(
            "[[registry]]\nlocation = 'a.test'\ninsecure = true\n[[registry]]\nlocation = 'b.test'\ninsecure = false\n", "x.conf");
        Assert.Equal((true, false), (config.Resolve("a.test", "x").Insecure, config.Resolve("b.test", "x").Insecure));
    }
}
