using OciSync.Core.Http;

namespace OciSync.Core.Tests.Http;

public sealed class RedirectRulesTests
{
    [Theory]
    [InlineData("https://r.test/v2/", "https://cdn.test/x", true, false)]
    [InlineData("https://r.test/v2/", "https://r.test/x", true, true)]
    [InlineData("https://r.test/v2/", "https://R.test:443/x", true, true)]
    [InlineData("https://r.test/v2/", "https://r.test:8443/x", true, false)]
    [InlineData("https://r.test/v2/", "http://r.test/x", false, false)]
    [InlineData("http://r.test/v2/", "https://r.test/x", true, false)]
    [InlineData("https://r.test/v2/", "https://127.0.0.1/x", false, false)]
    [InlineData("https://r.test/v2/", "https://localhost/x", false, false)]
    [InlineData("https://r.test/v2/", "https://[::1]/x", false, false)]
    [InlineData("https://r.test/v2/", "https://169.254.169.254/latest", false, false)]
    [InlineData("http://127.0.0.1:1/v2/", "http://127.0.0.1:2/x", true, false)]
    [InlineData("https://r.test/v2/", "file:///etc/passwd", false, false)]
    public void Where_a_redirect_may_lead(string from, string to, bool allowed, bool keepsAuthorization)
    {
        Assert.Equal(allowed, RedirectRules.FindFault(new Uri(from), new Uri(to)) is null);
        Assert.Equal(keepsAuthorization, RedirectRules.KeepsAuthorization(new Uri(from), new Uri(to)));
    }
}
