using System.Net;
using System.Text;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using static OciSync.Testing.Tests.RegistryClient;

namespace OciSync.Testing.Tests.Registry;

public sealed class ManifestTests
{
    private static readonly TestImage Image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true });

    [Fact]
    public async Task A_manifest_is_read_by_tag_and_digest_and_deleted_with_its_tags()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", Image, "one", "two");
        using var client = new RegistryClient(registry);
        using var byTag = await client.SendAsync("GET", "/v2/a/manifests/one");
        using var byDigest = await client.SendAsync("HEAD", $"/v2/a/manifests/{Image.Digest}");
        Assert.Equal(Image.Root.Bytes, await byTag.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal(Image.Digest, Header(byDigest, "Docker-Content-Digest"));
        Assert.Equal(MediaTypes.OciIndex, byDigest.Content.Headers.ContentType?.MediaType);
        using var untag = await client.SendAsync("DELETE", "/v2/a/manifests/one");
        Assert.Equal(["two"], registry.TagsOf("a"));
        using var delete = await client.SendAsync("DELETE", $"/v2/a/manifests/{Image.Digest}");
        Assert.Equal(HttpStatusCode.Accepted, delete.StatusCode);
        Assert.Empty(registry.TagsOf("a"));
        using var gone = await client.SendAsync("GET", "/v2/a/manifests/two");
        Assert.Equal("MANIFEST_UNKNOWN", await ErrorAsync(gone));
        using var nowhere = await client.SendAsync("GET", "/v2/b/manifests/two");
        Assert.Equal("NAME_UNKNOWN", await ErrorAsync(nowhere));
    }

    [Fact]
    public async Task Children_must_be_there_first()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var client = new RegistryClient(registry);
        var child = Image.Manifests[0];
        using var missingBlob = await client.SendAsync("PUT", $"/v2/a/manifests/{child.Digest}", child.Bytes, child.MediaType);
        using var missingChild = await client.SendAsync("PUT", "/v2/a/manifests/t", Image.Root.Bytes, Image.Root.MediaType);
        Assert.Equal(HttpStatusCode.BadRequest, missingBlob.StatusCode);
        Assert.Equal("MANIFEST_BLOB_UNKNOWN", await ErrorAsync(missingBlob));
        Assert.Equal("MANIFEST_BLOB_UNKNOWN", await ErrorAsync(missingChild));
    }

    [Fact]
    public async Task Wrong_type_wrong_digest_too_big_and_no_json_are_refused()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", Image, "t");
        using var client = new RegistryClient(registry);
        using var type = await client.SendAsync("PUT", "/v2/a/manifests/t", Image.Root.Bytes, MediaTypes.DockerList);
        using var digest = await client.SendAsync("PUT", $"/v2/a/manifests/{ContentDigest.Of("x"u8)}", Image.Root.Bytes, Image.Root.MediaType);
        using var json = await client.SendAsync("PUT", "/v2/a/manifests/t", Encoding.UTF8.GetBytes("{"), MediaTypes.OciIndex);
        using var big = await client.SendAsync("PUT", "/v2/a/manifests/t", new byte[(4 << 20) + 1], MediaTypes.OciIndex);
        Assert.Equal("MANIFEST_INVALID", await ErrorAsync(type));
        Assert.Equal("DIGEST_INVALID", await ErrorAsync(digest));
        Assert.Equal("MANIFEST_INVALID", await ErrorAsync(json));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, big.StatusCode);
    }

    [Fact]
    public async Task Refused_types_and_attestations()
    {
        var dialect = RegistryDialects.Get("aliyun") with { RefusedMediaTypes = [MediaTypes.DockerManifest] };
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = dialect });
        var attested = await Assert.ThrowsAsync<HttpRequestException>(() => Seeder.PushAsync(Image, registry.BaseUri, "a", ["t"], null, Token));
        Assert.Contains("unknown manifest class for application/vnd.oci.empty.v1+json", attested.Message, StringComparison.Ordinal);
        var docker = ImageFactory.Create(new ImageSpec { Docker = true });
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => Seeder.PushAsync(docker, registry.BaseUri, "a", ["t"], null, Token));
        Assert.Contains("MANIFEST_INVALID", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Immutable_tags_and_no_delete()
    {
        var dialect = new RegistryDialect { ImmutableTags = 412, ManifestDelete = false };
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = dialect });
        await Seeder.PushAsync(Image, registry.BaseUri, "a", ["t", "t"], null, Token);
        var moved = await Assert.ThrowsAsync<HttpRequestException>(
            () => Seeder.PushAsync(ImageFactory.Create(), registry.BaseUri, "a", ["t"], null, Token));
        Assert.Contains("immutable", moved.Message, StringComparison.Ordinal);
        using var client = new RegistryClient(registry);
        using var delete = await client.SendAsync("DELETE", $"/v2/a/manifests/{Image.Digest}");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, delete.StatusCode);
    }

    [Fact]
    public async Task Referrers_are_listed_and_filtered_or_not_known()
    {
        var artifact = ImageFactory.Artifact("application/spdx+json", "{}", Image.Root);
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var client = new RegistryClient(registry);
        await registry.AddAsync("a", Image, "t");
        await Seeder.PushAsync(artifact, registry.BaseUri, "a", [], null, Token);
        using var put = await client.SendAsync("PUT", $"/v2/a/manifests/{artifact.Digest}", artifact.Root.Bytes, artifact.Root.MediaType);
        Assert.Equal(Image.Digest, Header(put, "OCI-Subject"));
        using var all = await client.SendAsync("GET", $"/v2/a/referrers/{Image.Digest}");
        using var none = await client.SendAsync("GET", $"/v2/a/referrers/{Image.Digest}?artifactType=other");
        Assert.Contains(artifact.Digest, await all.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.DoesNotContain(artifact.Digest, await none.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal("artifactType", Header(none, "OCI-Filters-Applied"));

        await using var old = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = RegistryDialects.Get("distribution2") });
        using var oldClient = new RegistryClient(old);
        using var unknown = await oldClient.SendAsync("GET", $"/v2/a/referrers/{Image.Digest}");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("text/plain", unknown.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_lost_blob_shows_only_when_it_is_asked_for()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", Image, "t");
        Assert.True(registry.LoseBlob("a", Image.Blobs.Keys.First()));
        using var reader = new RawRegistryReader(registry.BaseUri);
        Assert.Equal(Image.Digest, (await reader.GetManifestAsync("a", "t", Token)).Digest);
        await Assert.ThrowsAsync<HttpRequestException>(() => reader.VerifyAsync("a", "t", Token));
    }
}
