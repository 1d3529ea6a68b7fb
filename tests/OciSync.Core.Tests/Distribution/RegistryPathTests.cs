using OciSync.Core.Distribution;

namespace OciSync.Core.Tests.Distribution;

public sealed class RegistryPathTests
{
    [Theory]
    [InlineData("/v2/", "Base")]
    [InlineData("/v2", "Base")]
    [InlineData("/v2/_catalog", "Catalogue")]
    [InlineData("/v2/a/tags/list", "Tags||a")]
    [InlineData("/v2/a/manifests/v2", "Manifest||a|v2")]
    [InlineData("/mirror/v2/a/manifests/v2", "Manifest|mirror|a|v2")]
    [InlineData("/v2/v2/manifests/v2", "Manifest||v2|v2")]
    [InlineData("/v2/docker.io/v2/library/x/manifests/v2", "Manifest||docker.io/v2/library/x|v2", "Manifest|docker.io|library/x|v2")]
    [InlineData("/v2/docker.io/v2", "Base|docker.io")]
    [InlineData("/v2/a/b/manifests/1.0", "Manifest||a/b|1.0")]
    [InlineData("/v2/a/manifests/sha256:00", "Manifest||a|sha256:00")]
    [InlineData("/v2/a/manifests/sha256%3A00", "Manifest||a|sha256:00")]
    [InlineData("/v2/a/blobs/sha256%3a00", "Blob||a|sha256:00")]
    [InlineData("/v2/a/referrers/sha256:00", "Referrers||a|sha256:00")]
    [InlineData("/v2/tags/list/tags/list", "Tags||tags/list")]
    [InlineData("/v2/manifests/manifests/manifests", "Manifest||manifests|manifests")]
    [InlineData("http://mirror:5000/v2/a/tags/list", "Tags||a")]
    [InlineData("/mirror/v2/a/tags/list", "Tags|mirror|a")]
    [InlineData("/v2/docker.io/v2/", "Base|docker.io")]
    [InlineData("/v2/docker.io/v2/library/x/manifests/1", "Manifest||docker.io/v2/library/x|1", "Manifest|docker.io|library/x|1")]
    [InlineData("/Some_Proxy/deep/v2/library/x/blobs/d", "Blob|Some_Proxy/deep|library/x|d")]
    public void Paths_are_routes(string target, params string[] routes)
    {
        var read = RegistryPath.Read(RegistryPath.Split(target).Path);
        Assert.Equal(routes, read.Select(r => string.Join("|", new[] { r.Action.ToString(), r.Prefix, r.Name, r.Reference }).TrimEnd('|')));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/v1/")]
    [InlineData("/v2/a")]
    [InlineData("/v2//tags/list")]
    [InlineData("/v2/a/tags/list/")]
    [InlineData("/v2/A/tags/list")]
    [InlineData("/v2/a%2Fb/tags/list")]
    [InlineData("/v2/%61/tags/list")]
    [InlineData("/v2/../../etc/passwd")]
    [InlineData("/v2/../manifests/1")]
    [InlineData("/v2/a/../b/manifests/1")]
    [InlineData("/v2/%2e%2e/manifests/1")]
    [InlineData("/v2/a/..%2f..%2fetc/manifests/1")]
    [InlineData("/v2/a\\..\\b/manifests/1")]
    [InlineData("/v2/a\0b/manifests/1")]
    [InlineData("/../v2/a/manifests/1")]
    [InlineData("/.git/v2/a/manifests/1")]
    [InlineData("/a//v2/b/manifests/1")]
    [InlineData("/a%20b/v2/b/manifests/1")]
    [InlineData("/v2/a/uploads/1")]
    public void What_is_none_of_a_registry_is_no_route(string target) => Assert.Empty(RegistryPath.Read(RegistryPath.Split(target).Path));

    [Fact]
    public void A_name_may_be_as_long_as_a_repository_name()
    {
        Assert.Single(RegistryPath.Read("/v2/" + new string('a', 255) + "/tags/list"));
        Assert.Empty(RegistryPath.Read("/v2/" + new string('a', 256) + "/tags/list"));
    }

    [Theory]
    [InlineData("n=5&last=b%20c", 5, "b c", null, null)]
    [InlineData("ns=docker.io", null, "", "docker.io", null)]
    [InlineData("ns=registry-1.docker.io", null, "", "docker.io", null)]
    [InlineData("ns=Quay.IO:443", null, "", "quay.io:443", null)]
    [InlineData("artifactType=application/vnd.a+json", null, "", null, "application/vnd.a+json")]
    [InlineData("x=1&&=&n", null, "", null, null)]
    public void Queries_are_read(string query, int? count, string last, string? registry, string? type)
    {
        var read = RequestQuery.Read(query);
        Assert.Equal((count, last, registry, type, null), (read.Count, read.Last, read.Registry, read.ArtifactType, read.Fault));
    }

    [Theory]
    [InlineData("n=-1", "n")]
    [InlineData("n=x", "n")]
    [InlineData("n=99999999999", "n")]
    [InlineData("ns=..%2F..", "ns")]
    [InlineData("ns=a%00b", "ns")]
    [InlineData("ns=user:secret@host", "ns")]
    public void What_can_t_be_is_a_fault(string query, string key) => Assert.Equal(key, RequestQuery.Read(query).Fault);

    [Theory]
    [InlineData("", "library/x", null, "library/x docker.io/library/x x")]
    [InlineData("", "x", null, "x docker.io/library/x library/x")]
    [InlineData("", "docker.io/library/x", null, "docker.io/library/x docker.io/docker.io/library/x")]
    [InlineData("", "library/x", "docker.io", "docker.io/library/x library/x x")]
    [InlineData("", "a/b", "quay.io", "quay.io/a/b a/b")]
    [InlineData("", "a/b", "host:5000", "host-5000/a/b a/b")]
    [InlineData("mirror/quay.io", "a/b", null, "mirror/quay.io/a/b quay.io/a/b a/b docker.io/a/b")]
    public void Names_in_the_folder_that_a_request_may_mean(string prefix, string name, string? registry, string candidates) =>
        Assert.Equal(candidates.Split(' '), NameCandidates.Of(prefix, name, registry));
}
