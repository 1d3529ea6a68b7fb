using System.Net;
using System.Text;
using OciSync.Testing.Registry;
using static OciSync.Testing.Tests.RegistryClient;

namespace OciSync.Testing.Tests.Registry;

public sealed class BlobTests
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes("0123456789abcdefghij");

    [Fact]
    public async Task A_pushed_blob_is_found_and_read()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var client = new RegistryClient(registry);
        var digest = await client.PushBlobAsync("a/b", Content);
        using var head = await client.SendAsync("HEAD", $"/v2/a/b/blobs/{digest}");
        using var get = await client.SendAsync("GET", $"/v2/a/b/blobs/{digest}");
        using var elsewhere = await client.SendAsync("HEAD", $"/v2/a/c/blobs/{digest}");
        Assert.Equal(Content.Length, head.Content.Headers.ContentLength);
        Assert.Equal(digest, Header(head, "Docker-Content-Digest"));
        Assert.Equal(Content, await get.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        Assert.Equal(0, registry.OpenUploads);
    }

    [Theory]
    [InlineData("bytes=10-14", 206, "abcde")]
    [InlineData("bytes=15-", 206, "fghij")]
    [InlineData("bytes=-3", 206, "hij")]
    [InlineData("bytes=18-99", 206, "ij")]
    [InlineData("nonsense", 200, "0123456789abcdefghij")]
    public async Task Ranges(string range, int status, string expected)
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var client = new RegistryClient(registry);
        var digest = await client.PushBlobAsync("a", Content);
        using var response = await client.SendAsync("GET", $"/v2/a/blobs/{digest}", null, null, ("Range", range));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task A_range_behind_the_end_is_416()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var client = new RegistryClient(registry);
        var digest = await client.PushBlobAsync("a", Content);
        using var response = await client.SendAsync("GET", $"/v2/a/blobs/{digest}", null, null, ("Range", "bytes=20-"));
        Assert.Equal(416, (int)response.StatusCode);
        Assert.Equal("bytes */20", Header(response, "Content-Range"));
    }

    [Fact]
    public async Task Mounts()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var client = new RegistryClient(registry);
        var digest = await client.PushBlobAsync("a", Content);
        using var mounted = await client.SendAsync("POST", $"/v2/b/blobs/uploads/?mount={digest}&from=a");
        using var missing = await client.SendAsync("POST", $"/v2/b/blobs/uploads/?mount={digest}&from=other");
        using var blob = await client.SendAsync("HEAD", $"/v2/b/blobs/{digest}");
        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, missing.StatusCode);
        Assert.Equal(HttpStatusCode.OK, blob.StatusCode);
        Assert.Equal(1, registry.OpenUploads);
        using var cancel = await client.SendAsync("DELETE", Location(missing));
        Assert.Equal(HttpStatusCode.NoContent, cancel.StatusCode);
        Assert.Equal(0, registry.OpenUploads);
    }

    [Fact]
    public async Task Deleted_blobs_are_gone()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var client = new RegistryClient(registry);
        var digest = await client.PushBlobAsync("a", Content);
        using var delete = await client.SendAsync("DELETE", $"/v2/a/blobs/{digest}");
        using var again = await client.SendAsync("DELETE", $"/v2/a/blobs/{digest}");
        Assert.Equal(HttpStatusCode.Accepted, delete.StatusCode);
        Assert.Equal("BLOB_UNKNOWN", await ErrorAsync(again));
    }

    [Fact]
    public async Task Discarded_blobs_are_verified_and_found_but_not_read()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { DiscardBlobsAbove = 1000 });
        using var client = new RegistryClient(registry);
        var big = await client.PushBlobAsync("a", new byte[50_000]);
        using var head = await client.SendAsync("HEAD", $"/v2/a/blobs/{big}");
        using var get = await client.SendAsync("GET", $"/v2/a/blobs/{big}");
        Assert.Equal(50_000, head.Content.Headers.ContentLength);
        Assert.Equal(HttpStatusCode.NotFound, get.StatusCode);
    }

    [Fact]
    public async Task Synthetic_blobs_have_the_digest_they_say_also_in_parts()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var client = new RegistryClient(registry);
        var digest = await registry.AddSyntheticBlobAsync("a", 3_000_001);
        using var whole = await client.SendAsync("GET", $"/v2/a/blobs/{digest}");
        using var part = await client.SendAsync("GET", $"/v2/a/blobs/{digest}", null, null, ("Range", "bytes=1048570-2100000"));
        var bytes = await whole.Content.ReadAsByteArrayAsync(Token);
        Assert.Equal(digest, ContentDigest.Of(bytes));
        Assert.Equal(bytes[1048570..2100001], await part.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task A_folder_survives_a_restart_and_a_big_blob_is_a_file()
    {
        using var folder = new TempFolder();
        var options = new RegistryOptions { Folder = folder.Path };
        var image = Testing.Images.ImageFactory.Create(new() { LayerSize = 9_000_000, Layers = 1 });
        await using (var first = await EmbeddedRegistry.StartAsync(options))
        {
            await Testing.Images.Seeder.PushAsync(image, first.BaseUri, "x/y", ["t"], null, Token);
        }

        await using var second = await EmbeddedRegistry.StartAsync(options);
        using var reader = new Testing.Images.RawRegistryReader(second.BaseUri);
        var found = await reader.VerifyAsync("x/y", "t", Token);
        Assert.Equal(image.Digest, found[0]);
    }
}
