using OciSync.Core.Connections;
using Tomlyn;

namespace OciSync.Core.Tests.Connections;

public sealed class ShortNameTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\n  # a comment = \"x\" [[registry]]\r\n\t\n")]
    [InlineData("[aliases]\n")]
    [InlineData("# names\n[aliases]\n  # almalinux\n  \"almalinux\" = \"docker.io/library/almalinux\"\r\n\"ubi8/s2i\"=\"registry.access.redhat.com/ubi8/s2i\"")]
    public void Short_names_and_comments_need_no_parser_which_would_say_the_same(string text)
    {
        Assert.True(ShortNameText.IsAll(text));
        var table = TomlSerializer.Deserialize<Tomlyn.Model.TomlTable>(text);
        Assert.All(table ?? [], t => Assert.Equal("aliases", t.Key));
        Assert.Empty(RegistriesConfig.Parse(text, "/etc/x.conf").Notes);
    }

    [Theory]
    [InlineData("[[registry]]\nlocation = \"a.test\"\n")]
    [InlineData("unqualified-search-registries = [\"docker.io\"]\n")]
    [InlineData("[aliases]\n\"a\" = \"b.test/a\"\n[[registry]]\nlocation = \"a.test\"\n")]
    [InlineData("[aliases]\n\"a\" = \"b.test/a\"\n\"a\" = \"c.test/a\"\n")]
    [InlineData("[aliases]\n[aliases]\n")]
    [InlineData("[aliases]\na = \"b.test/a\"\n")]
    [InlineData("[aliases]\n\"a\" = \"b.test\\u002fa\"\n")]
    [InlineData("[aliases]\n\"a\" = \"b.test/a\" # why\n")]
    [InlineData("[aliases]\n\"a\" = [\"b.test/a\"]\n")]
    [InlineData("[aliases]\n\"a\" = \"b.test/a\n")]
    [InlineData("\"a\" = \"b.test/a\"\n")]
    [InlineData("[other]\n\"a\" = \"b.test/a\"\n")]
    public void All_else_is_the_parsers(string text) => Assert.False(ShortNameText.IsAll(text));
}
