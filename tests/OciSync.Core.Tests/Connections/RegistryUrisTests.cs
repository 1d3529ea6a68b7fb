using OciSync.Core.Connections;
using OciSync.Core.References;

namespace OciSync.Core.Tests.Connections;

public sealed class RegistryUrisTests
{
    [Theory]
    [InlineData("/v2/x?y=1", "https://r.test:5/v2/x?y=1")]
    [InlineData("https://other.test/a", "https://other.test/a")]
    [InlineData("//other.test/a", "https://other.test/a")]
    [InlineData("sibling", "https://r.test:5/v2/a/sibling")]
    [InlineData("?n=1", "https://r.test:5/v2/a/b?n=1")]
    public void A_location_is_taken_from_where_it_came(string location, string expected) =>
        Assert.Equal(expected, RegistryUris.Resolve(new Uri("https://r.test:5/v2/a/b?q=2"), location).OriginalString);

    [Fact]
    public void A_digest_is_added_to_whatever_query_there_is()
    {
        var digest = Digest.Of([]);
        Assert.EndsWith(
            "/u?digest=sha256%3A" + digest.Hex, RegistryUris.WithDigest(new Uri("http://r.test/u"), digest).OriginalString, StringComparison.Ordinal);
        Assert.Contains("?s=1&digest=", RegistryUris.WithDigest(new Uri("http://r.test/u?s=1"), digest).OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_shown_has_no_query() =>
        Assert.Equal("https://r.test/token", RegistryUris.Redact(new Uri("https://user:pw@r.test/token?sig=secret")));

    [Fact]
    public void Docker_hub_has_its_api_elsewhere() =>
        Assert.Equal("https://registry-1.docker.io/v2/library/alpine/tags/list", new RegistryUris("https", "docker.io").Tags("library/alpine").OriginalString);
}
