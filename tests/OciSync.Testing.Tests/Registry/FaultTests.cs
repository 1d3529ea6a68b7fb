using System.Net;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;
using static OciSync.Testing.Tests.RegistryClient;

namespace OciSync.Testing.Tests.Registry;

public sealed class FaultTests : IAsyncLifetime
{
    private static readonly byte[] Content = Seeded.Bytes(300_000, 3);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private EmbeddedRegistry registry = null!;
    private RegistryClient client = null!;
    private string path = "";

    public async ValueTask InitializeAsync()
    {
        registry = await EmbeddedRegistry.StartAsync();
        client = new RegistryClient(registry);
        path = $"/v2/a/blobs/{await client.PushBlobAsync("a", Content)}";
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await registry.DisposeAsync();
    }

    [Fact]
    public async Task Status_with_headers_skip_and_times()
    {
        var fault = registry.Faults.Add("GET", "/blobs/", FaultAction.RetryAfter(503, "2"), times: 2, skip: 1);
        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await client.SendAsync("GET", path);
            statuses.Add((int)response.StatusCode);
            Assert.Equal(statuses[i] == 503 ? "2" : "", Header(response, "Retry-After"));
        }

        Assert.Equal([200, 503, 503, 200], statuses);
        Assert.Equal(2, fault.Hits);
    }

    [Fact]
    public async Task A_cut_answer_has_exactly_the_bytes_before_the_cut()
    {
        registry.Faults.Add("GET", "/blobs/", FaultAction.CutResponse(100_000));
        using var response = await client.SendAsync("GET", path);
        Assert.Equal(Content.Length, response.Content.Headers.ContentLength);
        using var received = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(Token);
        await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(received, Token));
        Assert.Equal(100_000, received.Length);
        await registry.Requests.WaitForIdleAsync();
        Assert.True(registry.Requests.Last().Aborted);
    }

    [Fact]
    public async Task A_cut_before_headers()
    {
        registry.Faults.Add("GET", "/blobs/", FaultAction.CutResponse(0));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.SendAsync("GET", path));
    }

    [Fact]
    public async Task A_stalled_answer_goes_on_when_released()
    {
        var fault = registry.Faults.Add("GET", "/blobs/", FaultAction.StallResponse(70_000));
        using var response = await client.SendAsync("GET", path);
        await using var stream = await response.Content.ReadAsStreamAsync(Token);
        var buffer = new byte[Content.Length];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 70_000), Token);
        await fault.Reached.WaitAsync(Limit, Token);
        var rest = stream.ReadExactlyAsync(buffer.AsMemory(70_000), Token).AsTask();
        Assert.False(rest.IsCompleted);
        fault.Release();
        await rest.WaitAsync(Limit, Token);
        Assert.Equal(Content, buffer);
    }

    [Fact]
    public async Task A_stall_before_headers_ends_with_the_client()
    {
        var fault = registry.Faults.Add("GET", "/blobs/", FaultAction.StallBeforeHeaders());
        using var gone = new RegistryClient(registry);
        var pending = gone.SendAsync("GET", path);
        await fault.Reached.WaitAsync(Limit, Token);
        Assert.Equal(1, registry.ActiveRequests);
        gone.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => pending);
        await registry.Requests.WaitForIdleAsync();
        Assert.Equal(499, registry.Requests.Last().Status);
    }

    [Fact]
    public async Task A_stalled_upload_is_seen_as_active_and_open()
    {
        var fault = registry.Faults.Add("PUT", "/blobs/uploads/", FaultAction.StallRequest(10_000));
        var push = client.PushBlobAsync("b", Seeded.Bytes(200_000, 9));
        await fault.Reached.WaitAsync(Limit, Token);
        Assert.Equal((1, 1), (registry.OpenUploads, registry.ActiveRequests));
        registry.Faults.Clear();
        await push.WaitAsync(Limit, Token);
        await registry.Requests.WaitForIdleAsync();
        Assert.Equal(0, registry.OpenUploads);
    }

    [Fact]
    public async Task Wrong_bytes_a_short_body_and_a_wrong_digest_header()
    {
        registry.Faults.Add("GET", "/blobs/", FaultAction.CorruptResponse(150_000));
        registry.Faults.Add("GET", "/blobs/", FaultAction.TruncateResponse(1000));
        registry.Faults.Add("GET", "/blobs/", FaultAction.WrongDigestHeader());
        using var corrupt = await client.SendAsync("GET", path);
        var bytes = await corrupt.Content.ReadAsByteArrayAsync(Token);
        Assert.Equal([150_000], Enumerable.Range(0, Content.Length).Where(i => bytes[i] != Content[i]));
        using var truncated = await client.SendAsync("GET", path);
        Assert.Equal(Content[..1000], await truncated.Content.ReadAsByteArrayAsync(Token));
        using var wrong = await client.SendAsync("GET", path);
        Assert.NotEqual(ContentDigest.Of(Content), Header(wrong, "Docker-Content-Digest"));
    }

    [Fact]
    public async Task Redirects_keep_path_and_query()
    {
        registry.Faults.Add("GET", "/blobs/", FaultAction.Redirect("https://cdn.example{path}"));
        using var response = await client.SendAsync("GET", path + "?x=1");
        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal($"https://cdn.example{path}?x=1", Location(response));
    }

    [Fact]
    public async Task The_log_counts_methods_and_bytes()
    {
        registry.Requests.Clear();
        using var head = await client.SendAsync("HEAD", path);
        using var get = await client.SendAsync("GET", path);
        await get.Content.ReadAsByteArrayAsync(Token);
        await registry.Requests.WaitForIdleAsync();
        Assert.Equal(1, registry.Requests.Count("HEAD", "/blobs/"));
        Assert.Equal(2, registry.Requests.Count(status: 200));
        Assert.Equal(Content.Length, registry.Requests.Where("GET")[0].BytesOut);
    }

    [Fact]
    public async Task A_bandwidth_limit_slows_a_body_down()
    {
        await using var slow = await EmbeddedRegistry.StartAsync(new RegistryOptions { BytesPerSecond = 400_000 });
        var digest = await slow.AddSyntheticBlobAsync("a", 200_000);
        using var slowClient = new RegistryClient(slow);
        using var response = await slowClient.SendAsync("GET", $"/v2/a/blobs/{digest}");
        await response.Content.ReadAsByteArrayAsync(Token);
        await slow.Requests.WaitForIdleAsync();
        Assert.InRange(slow.Requests.Single().Duration!.Value.TotalSeconds, 0.4, 5);
    }
}
