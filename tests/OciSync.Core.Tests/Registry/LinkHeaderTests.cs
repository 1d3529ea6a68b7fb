using OciSync.Core.Registry;

namespace OciSync.Core.Tests.Registry;

public sealed class LinkHeaderTests
{
    [Theory]
    [InlineData("</a?n=3>; rel=\"next\"", "/a?n=3")]
    [InlineData("</a>; rel=next", "/a")]
    [InlineData("</a>;REL=\"NEXT\"", "/a")]
    [InlineData("</first>; rel=\"first\", </a?x=%2C&y=1>; rel=\"next\"", "/a?x=%2C&y=1")]
    [InlineData("</a,b;c>; title=\"</no>; rel=\\\"next\\\"\"; rel=\"prev\", </b>; rel=\"last next\"", "/b")]
    [InlineData("</a>; rel = \"next\"", "/a")]
    [InlineData("</a>; title=\"next\"; rel=\"prev\"", null)]
    [InlineData("</a>; rel=\"prev\"; rel=\"next\"", null)]
    [InlineData("</a>; rel=\"prev\"; title=\"not the next one\"", null)]
    [InlineData("</next>; rel=\"prev\"", null)]
    [InlineData("</a>", null)]
    [InlineData("</a>; =; rel=\"next\"", "/a")]
    [InlineData("</a; rel=\"next\"", null)]
    [InlineData("next", null)]
    [InlineData("", null)]
    public void The_link_of_a_relation_is_found_wherever_it_stands(string header, string? expected) =>
        Assert.Equal(expected, LinkHeader.Find([header], "next"));

    [Fact]
    public void Several_headers_are_one_list() =>
        Assert.Equal("/b", LinkHeader.Find(["</a>; rel=first", "</b>; rel=next", "</c>; rel=next"], "next"));
}
