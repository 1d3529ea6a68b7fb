using System.Text.Json.Nodes;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;

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
        Assert.All(
            destination.Tokens.Requests.Skip(destinationTokens), t => Assert.DoesNotContain("push", string.Join(" ", t.Scopes), StringComparison.Ordinal));
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
    public async Task A_new_repository_is_listed_once_and_not_asked_for_each_tag_and_small_blob()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var images = ImageFactory.Family(100, sharedSize: 20_000);
        for (var i = 0; i < images.Count; i++)
        {
            await source.AddAsync("a", images[i], $"1.{i}");
        }

        var request = Run.Request(Enumerable.Range(0, 100).Select(i => $"{source.Address}/a:1.{i}"), destination.Address);
        Assert.All(await Run.SyncAsync(request), o => Assert.Equal("Copied", o.Row.Status));

        var blobs = images.SelectMany(i => i.Blobs.Keys).Distinct().Count();
        Assert.Equal(1, destination.Requests.Count("GET", "/tags/list"));
        Assert.InRange(destination.Requests.Count("HEAD", "/v2/"), 1, 60);
        Assert.Equal(
            (blobs, blobs, 100),
            (destination.Requests.Count("POST", "/blobs/uploads/"),
                destination.Requests.Count("PUT", "/blobs/uploads/"), destination.Requests.Count("PUT", "/manifests/")));
        Assert.Equal((100, 100, blobs, 0), (
            source.Requests.Count("HEAD", "/manifests/"), source.Requests.Count("GET", "/manifests/"),
            source.Requests.Count("GET", "/blobs/"), source.Requests.Count("GET", "/tags/list")));
    }

    [Fact]
    public async Task What_a_broken_run_left_in_a_repository_without_tags_is_not_sent_again()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var layer = await source.AddSyntheticBlobAsync("a", 2_000_000);
        Assert.Equal(layer, await destination.AddSyntheticBlobAsync("a", 2_000_000));
        for (var i = 0; i < 20; i++)
        {
            await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = i }), $"1.{i}");
        }

        await source.AddSyntheticImageAsync("a", "2", 2_000_000);
        var tags = Enumerable.Range(0, 20).Select(i => $"1.{i}").Append("2");
        var outcomes = await Run.SyncAsync(Run.Request(tags.Select(t => $"{source.Address}/a:{t}"), destination.Address));

        Assert.All(outcomes, o => Assert.Equal("Copied", o.Row.Status));
        Assert.True(outcomes.Single(o => o.Row.Source.EndsWith(":2", StringComparison.Ordinal)).Row.BytesSkipped >= 2_000_000);
        Assert.Equal(0, source.Requests.Count("GET", layer));
    }

    [Fact]
    public async Task A_list_spares_only_tags_that_are_not_there()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var (old, wanted) = (ImageFactory.Create(new ImageSpec { Seed = 9 }), ImageFactory.Create());
        for (var i = 0; i < 60; i++)
        {
            await source.AddAsync("a", wanted, $"1.{i}");
            if (i % 3 != 0)
            {
                await destination.AddAsync("a", i % 3 == 1 ? wanted : old, $"1.{i}");
            }
        }

        var outcomes = await Run.SyncAsync(Run.Request(Enumerable.Range(0, 60).Select(i => $"{source.Address}/a:1.{i}"), destination.Address));

        Assert.Equal(
            (20, 20, 20),
            (outcomes.Count(o => o.Row.Status == "Copied"), outcomes.Count(o => o.Row.Status == "UpToDate"), outcomes.Count(o => o.Row.Status == "Updated")));
        Assert.Equal(1, destination.Requests.Count("GET", "/tags/list"));
        Assert.InRange(destination.Requests.Count("HEAD", "/manifests/"), 40, 55);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    public async Task Where_tags_are_not_listed_each_is_asked_for(int status)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        destination.Faults.Add(new Fault { PathContains = "/tags/list", Action = FaultAction.Respond(status) });
        for (var i = 0; i < 20; i++)
        {
            await source.AddAsync("a", ImageFactory.Create(), $"1.{i}");
        }

        var outcomes = await Run.SyncAsync(Run.Request(Enumerable.Range(0, 20).Select(i => $"{source.Address}/a:1.{i}"), destination.Address));

        Assert.All(outcomes, o => Assert.Equal(("Copied", 0), (o.Row.Status, o.Row.RetryCount)));
        Assert.Equal((1, 20), (destination.Requests.Count("GET", "/tags/list"), destination.Requests.Count("HEAD", "/manifests/")));
    }

    [Fact]
    public async Task A_config_that_is_there_while_another_tag_still_sends_it_needs_no_second_question()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        var config = JsonNode.Parse(image.Root.Bytes)!["config"]!["digest"]!.GetValue<string>();
        await source.AddAsync("a", image, "1", "2");
        await destination.AddAsync("a", image);

        // That it takes one tag at a time is known from an earlier run: so none waits for the other.
        using var state = new TempFolder();
        var options = Run.Quick with { StatePath = state["s"] };
        await source.AddAsync("c", ImageFactory.Create(new ImageSpec { Seed = 9 }), "1", "2");
        await Run.SyncAsync(Run.Request(new[] { "1", "2" }.Select(t => $"{source.Address}/c:{t}"), destination.Address), options);
        destination.Requests.Clear();
        Assert.True(destination.LoseBlob("a", config));
        destination.Faults.Add(new Fault { PathContains = "/tags/list", Action = FaultAction.Respond(403) });
        var asked = destination.Faults.Add(new Fault { Method = "HEAD", PathContains = config, Skip = 1, Action = FaultAction.StallBeforeHeaders() });
        var sent = destination.Faults.Add(new Fault { Method = "PUT", PathContains = "/blobs/uploads/", Action = FaultAction.StallBeforeHeaders() });

        var running = Run.SyncAsync(Run.Request(new[] { "1", "2" }.Select(t => $"{source.Address}/a:{t}"), destination.Address), options);
        await Task.WhenAll(asked.Reached, sent.Reached).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await destination.AddAsync("a", image);
        asked.Release();
        await destination.Requests.WaitForAsync(log => log.Count("PUT", "/manifests/") == 1);
        sent.Release();

        Assert.All(await running, o => Assert.Equal(("Copied", 0), (o.Row.Status, o.Row.RetryCount)));
        Assert.Equal(2, destination.Requests.Count("HEAD", "/manifests/"));
    }

    [Fact]
    public async Task An_unchanged_run_lists_nothing_at_the_destination()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await registry.AddAsync("a", ImageFactory.Create(), $"1.{i}");
            await registry.AddAsync("to/a", ImageFactory.Create(), $"1.{i}");
        }

        var outcomes = await Run.SyncAsync(Run.Request(Enumerable.Range(0, 20).Select(i => $"{registry.Address}/a:1.{i}"), registry.Address + "/to"));

        Assert.All(outcomes, o => Assert.Equal("UpToDate", o.Row.Status));
        Assert.Equal((0, 40), (registry.Requests.Count("GET", "/tags/list"), registry.Requests.Count("HEAD", "/manifests/")));
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
        Assert.DoesNotContain(
            destination.Requests, r => r.Method is "POST" or "PUT" or "PATCH" or "DELETE" && r.Path.StartsWith("/v2/", StringComparison.Ordinal));
        Assert.All(destination.Tokens.Requests, t => Assert.DoesNotContain("push", string.Join(" ", t.Scopes), StringComparison.Ordinal));
    }
}
