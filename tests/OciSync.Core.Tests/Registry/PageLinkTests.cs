using OciSync.Core.Http;
using OciSync.Core.Registry;

namespace OciSync.Core.Tests.Registry;

public sealed class PageLinkTests
{
    private static readonly Uri Page = new("https://registry.corp.test/v2/a/tags/list");

    [Theory]
    [InlineData("/v2/a/tags/list?last=x", "https://registry.corp.test/v2/a/tags/list?last=x")]
    [InlineData("?last=x", "https://registry.corp.test/v2/a/tags/list?last=x")]
    [InlineData("https://other.test/x?last=1", "https://registry.corp.test/x?last=1")]
    [InlineData("//other.test/x", "https://registry.corp.test/x")]

    // What follows a bracket or a host without a slash must not become a part of the host's name.
    [InlineData("https://[::1].evil.test/x", "https://registry.corp.test/.evil.test/x")]
    [InlineData("https://[::1]:80.evil.test/x", null)]
    [InlineData("//[::1].evil.test/x", "https://registry.corp.test/.evil.test/x")]
    [InlineData("https://other.test?x=1", "https://registry.corp.test/?x=1")]
    [InlineData("https://other.test", "https://registry.corp.test/")]
    public void The_next_page_is_at_the_same_host(string link, string? expected)
    {
        try
        {
            var next = PageLink.FindNext(Page, [$"<{link}>; rel=\"next\""]);

            Assert.Equal(expected, next?.ToString());
            Assert.True(RedirectRules.KeepsAuthorization(Page, next!));
        }
        catch (Core.Errors.OciException e) when (expected is null)
        {
            Assert.Equal(Core.Errors.OciErrorKind.ProtocolError, e.Kind);
        }
    }
}
