using System.Net;
using OciSync.Testing.Registry;
using static OciSync.Testing.Tests.RegistryClient;

namespace OciSync.Testing.Tests.Registry;

public sealed class UploadTests
{
    private static readonly byte[] Content = Seeded.Bytes(100_000, 7);
    private static readonly string Digest = ContentDigest.Of(Content);

    [Fact]
    public async Task Chunks_in_order_are_put_together()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var client = new RegistryClient(registry);
        var location = await client.StartUploadAsync("a");
        using var first = await client.SendAsync("PATCH", location, Content[..60_000], null, ("Content-Range", "0-59999"));
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal("0-59999", Header(first, "Range"));
        using var status = await client.SendAsync("GET", Location(first));
        Assert.Equal(HttpStatusCode.NoContent, status.StatusCode);
        Assert.Equal("0-59999", Header(status, "Range"));
        using var stale = await client.SendAsync("PATCH", location, Content[60_000..], null, ("Content-Range", "60000-99999"));
        Assert.Equal("BLOB_UPLOAD_INVALID", await ErrorAsync(stale));
        using var second = await client.SendAsync("PATCH", Location(status), Content[60_000..], null, ("Content-Range", "60000-99999"));
        using var done = await client.SendAsync("PUT", With(Location(second), "digest=" + Digest), []);
        Assert.Equal(HttpStatusCode.Created, done.StatusCode);
        Assert.Equal(Digest, Header(done, "Docker-Content-Digest"));
        Assert.True(registry.HasBlob("a", Digest));
    }

    [Fact]
    public async Task A_chunk_out_of_order_is_416_and_tells_where_to_go_on()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var client = new RegistryClient(registry);
        var location = await client.StartUploadAsync("a");
        using var wrong = await client.SendAsync("PATCH", location, Content[..10], null, ("Content-Range", "50-59"));
        Assert.Equal(416, (int)wrong.StatusCode);
        Assert.NotEmpty(Location(wrong));
    }

    [Fact]
    public async Task A_wrong_digest_is_refused_and_ends_the_session()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var client = new RegistryClient(registry);
        var location = await client.StartUploadAsync("a");
        using var wrong = await client.SendAsync("PUT", With(location, "digest=" + ContentDigest.Of("x"u8)), Content);
        Assert.Equal("DIGEST_INVALID", await ErrorAsync(wrong));
        Assert.Equal(0, registry.OpenUploads);
    }

    [Fact]
    public async Task Sha512_is_checked_as_well()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var client = new RegistryClient(registry);
        var digest = await ContentDigest.OfAsync(new MemoryStream(Content), "sha512:", Token);
        using var good = await client.SendAsync("PUT", With(await client.StartUploadAsync("a"), "digest=" + digest), Content);
        using var bad = await client.SendAsync("PUT", With(await client.StartUploadAsync("a"), "digest=" + digest), [1, 2]);
        Assert.Equal(HttpStatusCode.Created, good.StatusCode);
        Assert.Equal("DIGEST_INVALID", await ErrorAsync(bad));
    }

    [Theory]
    [InlineData(false, HttpStatusCode.Accepted)]
    [InlineData(true, HttpStatusCode.Created)]
    public async Task Single_post(bool supported, HttpStatusCode expected)
    {
        var options = new RegistryOptions { Dialect = new RegistryDialect { SinglePost = supported } };
        await using var registry = await EmbeddedRegistry.StartAsync(options);
        using var client = new RegistryClient(registry);
        using var response = await client.SendAsync("POST", "/v2/a/blobs/uploads/?digest=" + Digest, Content);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(supported, registry.HasBlob("a", Digest));
    }

    [Fact]
    public async Task A_body_above_the_limit_is_413()
    {
        var options = new RegistryOptions { Dialect = new RegistryDialect { MaxUploadBody = 50_000 } };
        await using var registry = await EmbeddedRegistry.StartAsync(options);
        using var client = new RegistryClient(registry);
        var location = await client.StartUploadAsync("a");
        using var whole = await client.SendAsync("PUT", With(location, "digest=" + Digest), Content);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, whole.StatusCode);
        using var part = await client.SendAsync("PATCH", location, Content[..50_000]);
        Assert.Equal(HttpStatusCode.Accepted, part.StatusCode);
    }

    [Fact]
    public async Task Refusals_of_patch_and_of_whole_puts()
    {
        var options = new RegistryOptions { Dialect = new RegistryDialect { RefuseMonolithicPut = 400, AbsoluteLocation = true } };
        await using var registry = await EmbeddedRegistry.StartAsync(options);
        using var client = new RegistryClient(registry);
        var location = await client.StartUploadAsync("a");
        Assert.StartsWith(registry.BaseUri.ToString(), location, StringComparison.Ordinal);
        using var whole = await client.SendAsync("PUT", With(location, "digest=" + Digest), Content);
        Assert.Equal(HttpStatusCode.BadRequest, whole.StatusCode);

        await using var other = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = RegistryDialects.Get("gar") });
        using var otherClient = new RegistryClient(other);
        using var patch = await otherClient.SendAsync("PATCH", await otherClient.StartUploadAsync("a"), Content);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, patch.StatusCode);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.NoContent)]
    [InlineData(true, HttpStatusCode.NotFound)]
    public async Task After_a_cut_patch_the_session_lives_or_not(bool ends, HttpStatusCode status)
    {
        var options = new RegistryOptions { Dialect = new RegistryDialect { CutPatchEndsSession = ends } };
        await using var registry = await EmbeddedRegistry.StartAsync(options);
        registry.Faults.Add("PATCH", "/blobs/uploads/", Testing.Registry.Faults.FaultAction.CutRequest(30_000));
        using var client = new RegistryClient(registry);
        var location = await client.StartUploadAsync("a");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.SendAsync("PATCH", location, Content));
        await registry.Requests.WaitForIdleAsync();
        using var answer = await client.SendAsync("GET", location);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(ends ? "" : "0-29999", Header(answer, "Range"));
    }
}
