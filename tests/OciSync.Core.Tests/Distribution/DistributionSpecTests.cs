using OciSync.Core.Distribution;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Images;

namespace OciSync.Core.Tests.Distribution;

/// <summary>
/// What distribution-spec 1.1 asks of a registry for pulling and for the discovery of content. Each test is called by its clause: the heading,
/// and what it says there.
/// </summary>
public sealed class DistributionSpecTests : IDisposable
{
    private const string Absent = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private readonly ServedWorld _world = new();
    private readonly TestImage _image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual });
    private readonly TestImage _other = ImageFactory.Create(new ImageSpec { Seed = 7, Docker = true });
    private readonly TestImage _sbom;
    private readonly TestImage _signature;
    private readonly string _blob;

    public DistributionSpecTests()
    {
        _sbom = ImageFactory.Artifact("application/vnd.test.sbom", "bill", _image.Root);
        _signature = ImageFactory.Artifact("application/vnd.test.signature", "signed", _image.Root);
        _blob = _image.Blobs.Keys.Order(StringComparer.Ordinal).First();
        new LayoutBuilder().Add(_image, _other, _sbom, _signature)
            .Entry(_image.Root, "a/b:1.0").Entry(_image.Root, "a/b:Beta").Entry(_other.Root, "a/b:alpha").Entry(_other.Root, "c:1")
            .Entry(_sbom.Root).Entry(_signature.Root).Write(_world["m"]);
    }

    [Fact]
    public async Task Determining_Support__GET_v2_is_200()
    {
        using var answer = await _world.AskAsync("/v2/");
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task Pulling_manifests__GET_by_tag_is_200_with_the_manifest_as_it_was_pushed()
    {
        using var answer = await _world.AskAsync("/v2/a/b/manifests/1.0");
        Assert.Equal((200, _image.Root.MediaType), (answer.Status, answer.Header("Content-Type")));
        Assert.Equal(_image.Root.Bytes, await answer.ReadAsync());
        Assert.Equal(_image.Root.Bytes.Length, answer.Length);
    }

    [Fact]
    public async Task Pulling_manifests__GET_by_digest_gives_every_manifest_of_the_image()
    {
        foreach (var manifest in _image.Manifests)
        {
            using var answer = await _world.AskAsync("/v2/a/b/manifests/" + manifest.Digest);
            Assert.Equal((200, manifest.MediaType), (answer.Status, answer.Header("Content-Type")));
            Assert.Equal(manifest.Bytes, await answer.ReadAsync());
        }
    }

    [Fact]
    public async Task Pulling_manifests__Content_Type_is_the_manifest_s_mediaType_whatever_is_accepted()
    {
        using var answer = await _world.AskAsync("/v2/c/manifests/1");
        Assert.Equal("application/vnd.docker.distribution.manifest.v2+json", answer.Header("Content-Type"));
        Assert.Null(answer.Header("Content-Encoding"));
    }

    [Fact]
    public async Task Pulling_manifests__Docker_Content_Digest_is_the_digest_of_the_body()
    {
        using var answer = await _world.AskAsync("/v2/a/b/manifests/1.0");
        Assert.Equal(_image.Digest, answer.Header("Docker-Content-Digest"));
    }

    [Theory]
    [InlineData("/v2/a/b/manifests/2.0", "MANIFEST_UNKNOWN")]
    [InlineData("/v2/a/b/manifests/" + Absent, "MANIFEST_UNKNOWN")]
    [InlineData("/v2/a/b/manifests/sha256:zz", "MANIFEST_UNKNOWN")]
    [InlineData("/v2/nope/manifests/1.0", "NAME_UNKNOWN")]
    public async Task Pulling_manifests__what_is_not_found_is_404(string target, string code)
    {
        using var answer = await _world.AskAsync(target);
        Assert.Equal((404, code), (answer.Status, answer.Code()));
    }

    [Fact]
    public async Task Pulling_manifests__a_blob_is_no_manifest()
    {
        using var answer = await _world.AskAsync("/v2/a/b/manifests/" + _blob);
        Assert.Equal(404, answer.Status);
    }

    [Fact]
    public async Task Pulling_blobs__GET_is_200_with_the_blob_and_its_digest()
    {
        foreach (var (digest, bytes) in _image.Blobs)
        {
            using var answer = await _world.AskAsync("/v2/a/b/blobs/" + digest);
            Assert.Equal((200, digest, (long)bytes.Length), (answer.Status, answer.Header("Docker-Content-Digest"), answer.Length));
            Assert.Equal(bytes, await answer.ReadAsync());
        }
    }

    [Theory]
    [InlineData("/v2/a/b/blobs/" + Absent, "BLOB_UNKNOWN")]
    [InlineData("/v2/a/b/blobs/nonsense", "BLOB_UNKNOWN")]
    [InlineData("/v2/nope/blobs/" + Absent, "NAME_UNKNOWN")]
    public async Task Pulling_blobs__what_is_not_found_is_404(string target, string code)
    {
        using var answer = await _world.AskAsync(target);
        Assert.Equal((404, code), (answer.Status, answer.Code()));
    }

    [Fact]
    public async Task Pulling_blobs__Range_is_206_with_that_part()
    {
        var bytes = _image.Blobs[_blob];
        using var answer = await _world.AskAsync("/v2/a/b/blobs/" + _blob, range: "bytes=5-");
        Assert.Equal((206, $"bytes 5-{bytes.Length - 1}/{bytes.Length}"), (answer.Status, answer.Header("Content-Range")));
        Assert.Equal(bytes[5..], await answer.ReadAsync());
        using var beyond = await _world.AskAsync("/v2/a/b/blobs/" + _blob, range: $"bytes={bytes.Length}-");
        Assert.Equal((416, $"bytes */{bytes.Length}"), (beyond.Status, beyond.Header("Content-Range")));
    }

    [Fact]
    public async Task Checking_if_content_exists__HEAD_of_a_blob_is_200_with_its_Content_Length_and_no_body()
    {
        using var answer = await _world.AskAsync("/v2/a/b/blobs/" + _blob, "HEAD", range: "bytes=5-");
        Assert.Equal((200, (long)_image.Blobs[_blob].Length), (answer.Status, answer.Length));
        Assert.Null(answer.Blob);
    }

    [Fact]
    public async Task Checking_if_content_exists__HEAD_of_a_manifest_is_200_with_its_Content_Length_and_digest()
    {
        using var answer = await _world.AskAsync("/v2/a/b/manifests/1.0", "HEAD");
        Assert.Equal(
            (200, (long)_image.Root.Bytes.Length, _image.Root.MediaType, _image.Digest),
            (answer.Status, answer.Length, answer.Header("Content-Type"), answer.Header("Docker-Content-Digest")));
    }

    [Theory]
    [InlineData("/v2/a/b/manifests/nope")]
    [InlineData("/v2/a/b/blobs/" + Absent)]
    public async Task Checking_if_content_exists__HEAD_of_what_is_not_there_is_404(string target)
    {
        using var answer = await _world.AskAsync(target, "HEAD");
        Assert.Equal(404, answer.Status);
    }

    [Fact]
    public async Task Listing_Tags__200_with_the_name_and_all_tags_in_lexical_order()
    {
        var list = await _world.JsonAsync("/v2/a/b/tags/list");
        Assert.Equal("a/b", list["name"]!.GetValue<string>());
        Assert.Equal(["1.0", "alpha", "Beta"], list["tags"]!.AsArray().Select(t => t!.GetValue<string>()));
    }

    [Fact]
    public async Task Listing_Tags__of_a_repository_that_is_not_there_is_404()
    {
        using var answer = await _world.AskAsync("/v2/nope/tags/list");
        Assert.Equal((404, "NAME_UNKNOWN"), (answer.Status, answer.Code()));
    }

    [Theory]
    [InlineData(1, "1.0 alpha Beta")]
    [InlineData(2, "1.0,alpha Beta")]
    [InlineData(3, "1.0,alpha,Beta")]
    public async Task Listing_Tags__n_limits_a_page_and_Link_leads_to_the_next(int count, string pages)
    {
        var read = await _world.PagesAsync($"/v2/a/b/tags/list?n={count}", "tags");
        Assert.Equal(pages.Split(' '), read.Select(p => string.Join(',', p)));
    }

    [Fact]
    public async Task Listing_Tags__n_of_0_is_an_empty_list_without_a_Link()
    {
        using var answer = await _world.AskAsync("/v2/a/b/tags/list?n=0");
        Assert.Null(answer.Header("Link"));
        Assert.Equal("""{"name":"a/b","tags":[]}""", System.Text.Encoding.UTF8.GetString(answer.Content!));
    }

    [Fact]
    public async Task Listing_Tags__last_begins_behind_a_tag_that_need_not_be_there() =>
        Assert.Equal([["Beta"]], await _world.PagesAsync("/v2/a/b/tags/list?last=alphz", "tags"));

    [Fact]
    public async Task Listing_Referrers__200_with_an_index_of_descriptors_with_artifactType_and_annotations()
    {
        using var answer = await _world.AskAsync("/v2/a/b/referrers/" + _image.Digest);
        Assert.Equal((200, "application/vnd.oci.image.index.v1+json"), (answer.Status, answer.Header("Content-Type")));
        var list = await _world.JsonAsync("/v2/a/b/referrers/" + _image.Digest);
        Assert.Equal(2, list["schemaVersion"]!.GetValue<int>());
        var manifests = list["manifests"]!.AsArray();
        Assert.Equal([_sbom.Digest, _signature.Digest], manifests.Select(m => m!["digest"]!.GetValue<string>()).OrderBy(d => d != _sbom.Digest));
        Assert.All(manifests, m => Assert.StartsWith("application/vnd.test.", m!["artifactType"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.All(manifests, m => Assert.NotNull(m!["annotations"]!["org.opencontainers.image.created"]));
    }

    [Fact]
    public async Task Listing_Referrers__artifactType_filters_and_OCI_Filters_Applied_says_so()
    {
        using var answer = await _world.AskAsync("/v2/a/b/referrers/" + _image.Digest + "?artifactType=application/vnd.test.sbom");
        Assert.Equal("artifactType", answer.Header("OCI-Filters-Applied"));
        Assert.Equal([[_sbom.Digest]], await _world.PagesAsync("/v2/a/b/referrers/" + _image.Digest + "?artifactType=application/vnd.test.sbom", "manifests"));
    }

    [Fact]
    public async Task Listing_Referrers__of_a_manifest_without_any_or_that_is_not_there_is_200_with_an_empty_list()
    {
        Assert.Equal([[]], await _world.PagesAsync("/v2/a/b/referrers/" + _other.Digest, "manifests"));
        Assert.Equal([[]], await _world.PagesAsync("/v2/a/b/referrers/" + Absent, "manifests"));
    }

    [Fact]
    public async Task Listing_Referrers__what_is_no_digest_is_400()
    {
        using var answer = await _world.AskAsync("/v2/a/b/referrers/1.0");
        Assert.Equal(400, answer.Status);
    }

    [Theory]
    [InlineData("POST", "/v2/a/b/blobs/uploads/")]
    [InlineData("PUT", "/v2/a/b/manifests/1.0")]
    [InlineData("DELETE", "/v2/a/b/manifests/1.0")]
    [InlineData("OPTIONS", "*")]
    [InlineData("FOO", "/v2/")]
    public async Task Content_Management__what_is_not_supported_is_405(string method, string target)
    {
        using var answer = await _world.AskAsync(target, method);
        Assert.Equal((405, "UNSUPPORTED", "GET, HEAD"), (answer.Status, answer.Code(), answer.Header("Allow")));
    }

    [Fact]
    public async Task Error_Codes__a_failure_is_JSON_with_code_and_message()
    {
        using var answer = await _world.AskAsync("/v2/nope/tags/list");
        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Matches("""^\{"errors":\[\{"code":"NAME_UNKNOWN","message":"[^"]+"\}\]\}$""", System.Text.Encoding.UTF8.GetString(answer.Content!));
    }

    public void Dispose() => _world.Dispose();
}
