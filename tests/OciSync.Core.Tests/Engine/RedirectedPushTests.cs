using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

/// <summary>Pushes that are sent elsewhere: 307 and 308 keep method and body, and the login only on its own host.</summary>
public sealed class RedirectedPushTests
{
    private static readonly RegistryUser Alice = new("alice", "s3cret");

    [Theory]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_push_goes_where_it_is_sent_and_the_login_does_not(int status)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var front = await EmbeddedRegistry.StartAsync(RegistryOptions.WithBasic(Alice));
        await using var behind = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        foreach (var method in new[] { "POST", "PUT" })
        {
            front.Faults.Add(method, "/v2/a/", FaultAction.Redirect(behind.BaseUri.ToString().TrimEnd('/') + "{path}", status), times: 1000);
        }

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], front.Address), sessions: Run.Login(front));

        Assert.Null(row.Error);
        Assert.Equal(("Copied", image.Root.Digest), (row.Status, behind.DigestOf("a", "1")));
        Assert.All(behind.Requests, r => Assert.Null(r.AuthorizationScheme));
        Assert.Contains(front.Requests, r => r is { Method: "PUT", AuthorizationScheme: "Basic" });
    }

    [Fact]
    public async Task On_the_same_host_the_login_stays()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(RegistryOptions.WithBasic(Alice));
        var image = ImageFactory.Create();
        await source.AddAsync("old", image, "1");
        foreach (var (method, path) in new[] { ("POST", "blobs/uploads/"), ("PUT", "manifests/1") })
        {
            destination.Faults.Add(method, "/v2/old/", FaultAction.Redirect($"/v2/new/{path}"), times: 1000);
        }

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/old:1"], destination.Address), sessions: Run.Login(destination));

        Assert.Null(row.Error);
        Assert.Equal(image.Root.Digest, destination.DigestOf("new", "1"));
        Assert.All(destination.Requests.Where("PUT"), r => Assert.Equal("Basic", r.AuthorizationScheme));
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    public async Task Bytes_that_can_not_be_made_twice_are_sent_where_they_are_wanted(string method)
    {
        using var state = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = await source.AddSyntheticImageAsync("a", "1", 700_000);

        // Each part is sent on once more, to the address with a mark, before its bytes are taken.
        destination.Faults.Add(new Fault
        {
            Method = method,
            Predicate = r => r.Path.Value!.Contains("/blobs/uploads/", StringComparison.Ordinal) && !r.Query.ContainsKey("moved"),
            Action = FaultAction.Redirect("{path}&moved=1"),
            Times = 1000,
        });
        var options = Run.Quick with { StatePath = state.Path, ResumeThreshold = method == "PATCH" ? 500_000 : 5_000_000, ResumeChunkSize = 200_000 };

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), options);

        Assert.Null(row.Error);
        Assert.Equal(("Copied", image.Digest, 0), (row.Status, destination.DigestOf("a", "1"), destination.OpenUploads));
        Assert.Contains(destination.Requests.Where(method), r => r.Query.Contains("moved", StringComparison.Ordinal) && r.BytesIn > 0);
    }

    [Fact]
    public async Task A_body_is_not_sent_on_by_other_redirects()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        destination.Faults.Add("POST", null, FaultAction.Redirect("{path}", 302), times: 1000);

        Assert.Equal("OciProtocolError", (await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address))).ErrorId);
    }
}
