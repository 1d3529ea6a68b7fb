using OciSync.Core.Distribution;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Images;

namespace OciSync.Core.Tests.Distribution;

/// <summary>What clients of mirrors send beside the specification.</summary>
public sealed class ResponderTests : IDisposable
{
    private readonly ServedWorld _world = new();
    private readonly TestImage _hub = ImageFactory.Create(new ImageSpec { Seed = 1 });
    private readonly TestImage _quay = ImageFactory.Create(new ImageSpec { Seed = 2 });
    private readonly TestImage _own = ImageFactory.Create(new ImageSpec { Seed = 3 });

    public ResponderTests() => new LayoutBuilder().Add(_hub, _quay, _own)
        .Entry(_hub.Root, "docker.io/library/x:1").Entry(_quay.Root, "quay.io/library/x:1").Entry(_own.Root, "team/app:1").Write(_world["m"]);

    [Theory]
    [InlineData("/v2/library/x/manifests/1?ns=docker.io", 1)]
    [InlineData("/v2/library/x/manifests/1?ns=registry-1.docker.io", 1)]
    [InlineData("/v2/library/x/manifests/1?ns=quay.io", 2)]
    [InlineData("/v2/library/x/manifests/1?ns=ghcr.io", 0)]
    [InlineData("/v2/library/x/manifests/1", 1)]
    [InlineData("/v2/x/manifests/1", 1)]
    [InlineData("/v2/docker.io/library/x/manifests/1", 1)]
    [InlineData("/v2/quay.io/library/x/manifests/1", 2)]
    [InlineData("/v2/quay.io/v2/library/x/manifests/1", 2)]
    [InlineData("/quay.io/v2/library/x/manifests/1", 2)]
    [InlineData("/proxy/quay.io/v2/library/x/manifests/1", 2)]
    [InlineData("/v2/team/app/manifests/1", 3)]
    [InlineData("/v2/team/app/manifests/1?ns=quay.io", 3)]
    [InlineData("/v2/proxy/v2/team/app/manifests/1", 3)]
    [InlineData("/v2/library/x/manifests/1?ns=localhost:5000", 0)]
    public async Task A_name_is_found_as_each_client_asks_for_it(string target, int image)
    {
        using var answer = await _world.AskAsync(target);
        Assert.Equal(
            image switch { 1 => _hub.Digest, 2 => _quay.Digest, 3 => _own.Digest, _ => "404" },
            answer.Header("Docker-Content-Digest") ?? answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_manifest_can_be_had_as_a_blob()
    {
        using var answer = await _world.AskAsync("/v2/team/app/blobs/" + _own.Digest);
        Assert.Equal(_own.Root.Bytes, await answer.ReadAsync());
    }

    [Fact]
    public async Task The_catalogue_is_paged_and_of_one_registry_where_that_is_asked()
    {
        Assert.Equal([["docker.io/library/x", "quay.io/library/x"], ["team/app"]], await _world.PagesAsync("/v2/_catalog?n=2", "repositories"));
        Assert.Equal([["library/x"]], await _world.PagesAsync("/v2/_catalog?ns=quay.io", "repositories"));
    }

    [Fact]
    public async Task A_page_s_Link_keeps_the_way_the_client_came()
    {
        new LayoutBuilder().Add(_hub).Entry(_hub.Root, "docker.io/a:1").Entry(_hub.Root, "docker.io/a:2").Write(_world["m"]);
        using var answer = await _world.AskAsync("/proxy/v2/a/tags/list?n=1&ns=docker.io");
        Assert.Equal("</proxy/v2/a/tags/list?n=1&last=1&ns=docker.io>; rel=\"next\"", answer.Header("Link"));
    }

    [Fact]
    public async Task A_page_number_that_can_t_be_is_400()
    {
        using var answer = await _world.AskAsync("/v2/_catalog?n=x");
        Assert.Equal(400, answer.Status);
    }

    [Fact]
    public async Task If_Range_has_no_validator_here_so_all_is_sent()
    {
        var digest = _own.Blobs.Keys.First();
        using var answer = await _world.AskAsync(new ClientRequest("GET", "/v2/team/app/blobs/" + digest) { Range = "bytes=1-", HasIfRange = true });
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task A_foreign_Host_is_421_and_a_wrong_login_401_before_anything_is_looked_up()
    {
        var responder = new Responder(_world.Served, new HostNames([]), new ClientLogins([new("a", "b")]));
        using var host = await responder.AnswerAsync(new ClientRequest("GET", "/v2/") { Host = "evil.example" }, TestContext.Current.CancellationToken);
        using var login = await responder.AnswerAsync(new ClientRequest("GET", "/v2/") { Host = "localhost" }, TestContext.Current.CancellationToken);
        Assert.Equal((421, 401), (host.Status, login.Status));
        Assert.StartsWith("Basic realm=", login.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.DoesNotContain(host.Headers.Concat(login.Headers), h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    public void Dispose() => _world.Dispose();
}
