using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;

namespace OciSync.Core.Tests.Engine;

public sealed class CheapnessTests
{
    [Fact]
    public async Task An_unchanged_run_asks_once_for_each_tag_and_side()
    {
        await using var source = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(anonymousPull: true));
        await using var destination = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, new RegistryUser("alice", "s3cret")));
        var images = ImageFactory.Family(5);
        for (var i = 0; i < images.Count; i++)
        {
            await source.AddAsync("lib/a", images[i], $"1.{i}");
            await source.AddAsync("lib/b", images[i], $"1.{i}");
        }

        var request = Run.Request(
            new[] { "a", "b" }.SelectMany(r => Enumerable.Range(0, 5).Select(i => $"{source.Address}/lib/{r}:1.{i}")), destination.Address + "/m");
        Assert.All(await Run.SyncAsync(request, sessions: Run.Login(destination)), o => Assert.Equal("Copied", o.Row.Status));

        foreach (var registry in new[] { source, destination })
        {
            registry.Requests.Clear();
        }

        var (sourceTokens, destinationTokens) = (source.Tokens.Requests.Count, destination.Tokens.Requests.Count);
        Assert.All(await Run.SyncAsync(request, sessions: Run.Login(destination)), o => Assert.Equal("UpToDate", o.Row.Status));
        foreach (var registry in new[] { source, destination })
        {
            var asked = registry.Requests.Where(null, "/v2/");
            Assert.Equal(1, asked.Count(r => r.Path == "/v2/"));
            Assert.Equal(10, asked.Count(r => r.Method == "HEAD" && r.Path.Contains("/manifests/", StringComparison.Ordinal)));
            Assert.Equal(11, asked.Count);
        }

        Assert.Equal((2, 2), (source.Tokens.Requests.Count - sourceTokens, destination.Tokens.Requests.Count - destinationTokens));
        Assert.All(destination.Tokens.Requests.Skip(destinationTokens), t => Assert.DoesNotContain("push", string.Join(" ", t.Scopes), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tags_that_share_layers_bring_each_blob_once()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var images = ImageFactory.Family(200, sharedSize: 20_000);
        for (var i = 0; i < images.Count; i++)
        {
            await source.AddAsync("a", images[i], $"1.{i}");
        }

        var outcomes = await Run.SyncAsync(Run.Request(Enumerable.Range(0, 200).Select(i => $"{source.Address}/a:1.{i}"), destination.Address));

        Assert.All(outcomes, o => Assert.Equal("Copied", o.Row.Status));
        var blobs = images.SelectMany(i => i.Blobs.Keys).Distinct().Count();
        Assert.Equal(blobs, source.Requests.Count("GET", "/blobs/"));
        Assert.Equal(blobs, destination.Requests.Count("PUT", "/blobs/uploads/", 201));
        Assert.Equal(blobs, outcomes.Sum(o => o.Row.SourceReads));
    }

    [Fact]
    public async Task A_sibling_repository_gives_its_blobs()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        await source.AddAsync("b", image, "1");

        var outcomes = await Run.SyncAsync(Run.Request([$"{source.Address}/a:1", $"{source.Address}/b:1"], destination.Address));

        Assert.All(outcomes, o => Assert.Equal("Copied", o.Row.Status));
        var total = image.Blobs.Values.Sum(b => (long)b.Length);
        Assert.Equal((total, total), (outcomes.Sum(o => o.Row.BytesCopied), outcomes.Sum(o => o.Row.BytesMounted)));
        Assert.Equal(image.Blobs.Count, source.Requests.Count("GET", "/blobs/"));
    }

    [Fact]
    public async Task Within_one_registry_nothing_travels()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, new RegistryUser("alice", "s3cret")));
        await registry.AddAsync("a", ImageFactory.Create(), "1");

        var row = await Run.OneAsync(Run.Request([$"{registry.Address}/a:1"], registry.Address + "/to"), sessions: Run.Login(registry));

        Assert.Equal(("Copied", 0L), (row.Status, row.BytesCopied));
        Assert.Equal(0, registry.Requests.Count("GET", "/blobs/"));
    }

    [Fact]
    public async Task Where_mounts_do_not_work_blobs_travel_and_no_session_stays()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = new RegistryDialect { Mounts = false } });
        var image = ImageFactory.Create();
        await registry.AddAsync("a", image, "1");

        var row = await Run.OneAsync(Run.Request([$"{registry.Address}/a:1"], registry.Address + "/to"));

        Assert.Equal(("Copied", image.Blobs.Values.Sum(b => (long)b.Length), 0), (row.Status, row.BytesCopied, registry.OpenUploads));
    }

    [Fact]
    public async Task A_plan_reads_and_writes_nothing()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, new RegistryUser("alice", "s3cret")));
        await source.AddAsync("a", ImageFactory.Create(), "1", "2");
        await destination.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 9 }), "2");

        var request = Run.Request([$"{source.Address}/a:1", $"{source.Address}/a:2"], destination.Address) with { IsReadOnly = true };
        var outcomes = await Run.SyncAsync(request, sessions: Run.Login(destination));

        Assert.Equal(["WouldCopy", "WouldUpdate"], outcomes.Statuses());
        Assert.DoesNotContain(destination.Requests, r => r.Method is "POST" or "PUT" or "PATCH" or "DELETE" && r.Path.StartsWith("/v2/", StringComparison.Ordinal));
        Assert.All(destination.Tokens.Requests, t => Assert.DoesNotContain("push", string.Join(" ", t.Scopes), StringComparison.Ordinal));
    }
}
