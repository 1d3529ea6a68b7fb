using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

/// <summary>Several tags with one manifest, where a registry takes that (<c>?tag=</c>, <c>OCI-Tag</c>).</summary>
public sealed class TagBatchTests
{
    private static readonly RegistryOptions Knows = new() { Dialect = new RegistryDialect { TagParameters = true } };

    [Fact]
    public async Task Twenty_tags_of_four_digests_are_four_manifests()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(Knows);
        var tags = await SeedAsync(source);

        var rows = (await Run.SyncAsync(Request(source, destination, tags))).Select(o => o.Row).ToList();
        Assert.All(rows, r => Assert.Equal("Copied", r.Status));
        Assert.Equal(20, rows.Count);
        Assert.All(tags, t => Assert.Equal(source.DigestOf("a", t), destination.DigestOf("a", t)));
        Assert.Equal(4, destination.Requests.Count("PUT", "/manifests/"));
        Assert.Equal(20, destination.Requests.Where("PUT", "/manifests/").Sum(r => r.Query.Split("tag=").Length - 1));

        Assert.All(await Run.SyncAsync(Request(source, destination, tags)), o => Assert.Equal("UpToDate", o.Row.Status));
        Assert.Equal(4, destination.Requests.Count("PUT", "/manifests/"));
    }

    [Fact]
    public async Task A_registry_that_does_not_know_it_is_asked_once()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var tags = await SeedAsync(source);

        Assert.All(await Run.SyncAsync(Request(source, destination, tags)), o => Assert.Equal("Copied", o.Row.Status));
        Assert.All(tags, t => Assert.Equal(source.DigestOf("a", t), destination.DigestOf("a", t)));
        Assert.Equal(20 + 1, destination.Requests.Count("PUT", "/manifests/"));
        Assert.Single(destination.Requests.Where("PUT", "/manifests/"), r => r.Query.Contains("tag=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_registry_can_is_remembered(bool knows)
    {
        using var state = new TempFolder();
        var options = Run.Quick with { StatePath = state["s"] };
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(knows ? Knows : null);
        var tags = await SeedAsync(source);
        await Run.SyncAsync(Request(source, destination, tags), options);
        Assert.Single(Directory.GetFiles(state["s/registries"]));
        destination.Requests.Clear();

        var again = Request(source, destination, tags) with { Pairs = [.. tags.Select(t => Pair(source, destination, t, "b"))] };
        Assert.All(await Run.SyncAsync(again, options), o => Assert.Equal("Copied", o.Row.Status));
        Assert.Equal(knows ? 4 : 20, destination.Requests.Count("PUT", "/manifests/"));
    }

    [Fact]
    public async Task Additional_tags_go_with_the_image()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(Knows);
        await source.AddAsync("a", ImageFactory.Create(), "1");

        var row = await Run.OneAsync(Request(source, destination, ["1"]) with { AdditionalTags = ["1.2", "latest"] });
        Assert.Equal("Copied", row.Status);
        Assert.Equal(["1", "1.2", "latest"], destination.TagsOf("a").Order(StringComparer.Ordinal));
        Assert.Equal(1, destination.Requests.Count("PUT", "/manifests/"));
    }

    [Fact]
    public async Task One_tag_alone_is_written_as_ever()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");

        await Run.OneAsync(Request(source, destination, ["1"]));
        Assert.Equal("", Assert.Single(destination.Requests.Where("PUT", "/manifests/")).Query);
    }

    // One of the tags may not move: the request with all is refused, and then each is written by itself.
    [Fact]
    public async Task A_tag_that_is_refused_takes_no_other_with_it()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(
            new RegistryOptions { Dialect = new RegistryDialect { TagParameters = true, ImmutableTags = 409 } });
        var image = ImageFactory.Create(new ImageSpec { Seed = 4 });
        await source.AddAsync("a", image, "1", "2", "3");
        await destination.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 5 }), "2");

        var rows = (await Run.SyncAsync(Request(source, destination, ["1", "2", "3"]))).Select(o => o.Row).ToDictionary(r => r.Source.Split(':')[^1]);
        Assert.Equal(("Copied", "Failed", "Copied"), (rows["1"].Status, rows["2"].Status, rows["3"].Status));
        Assert.Equal("OciTagImmutable", rows["2"].ErrorId);
        Assert.Equal(image.Digest, destination.DigestOf("a", "3"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_registry_that_refuses_the_format_gets_dockers_under_each_tag(bool knows)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(
            new RegistryOptions { Dialect = new RegistryDialect { TagParameters = knows, RefusedMediaTypes = [MediaTypes.OciManifest] } });
        await source.AddAsync("a", ImageFactory.Create(), "1", "2", "3");

        var rows = (await Run.SyncAsync(Request(source, destination, ["1", "2", "3"]))).Select(o => o.Row).ToList();
        Assert.All(rows, r => Assert.True(r.Status == "Copied", r.Error));
        Assert.All(rows, r => Assert.Contains("refuses OCI's manifests", r.Reason));
        Assert.Equal(["1", "2", "3"], destination.TagsOf("a").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_that_fails_before_is_not_waited_for()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(Knows);
        var tags = await SeedAsync(source);
        source.Faults.Add("HEAD", "/manifests/t3", FaultAction.Respond(403), times: 100);
        source.Faults.Add("GET", "/manifests/t3", FaultAction.Respond(403), times: 100);

        var rows = (await Run.SyncAsync(Request(source, destination, tags))).Select(o => o.Row).ToList();
        Assert.Equal(19, rows.Count(r => r.Status == "Copied"));
        Assert.Equal("Failed", rows.Single(r => r.Source.EndsWith(":t3", StringComparison.Ordinal)).Status);
        Assert.Equal(4, destination.Requests.Count("PUT", "/manifests/"));
    }

    [Fact]
    public async Task Declined_tags_are_not_written()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(Knows);
        await source.AddAsync("a", ImageFactory.Create(), "1", "2", "3");

        var rows = await Run.SyncAsync(
            Request(source, destination, ["1", "2", "3"]), confirm: row => Task.FromResult(!row.Destination.EndsWith(":2", StringComparison.Ordinal)));
        Assert.Equal(["Copied", "Copied", "Skipped"], rows.Statuses());
        Assert.Equal(["1", "3"], destination.TagsOf("a").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_lost_blob_is_mended_before_the_tags_are_written()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(Knows);
        var image = ImageFactory.Create(new ImageSpec { Seed = 6 });
        await source.AddAsync("a", image, "1", "2");
        await destination.AddAsync("a", image, "old");
        var blob = image.Blobs.Keys.First();
        destination.LoseBlob("a", blob);
        destination.Faults.Add("HEAD", "/blobs/" + blob, FaultAction.Respond(200), times: 1);

        Assert.Equal(["Copied", "Copied"], (await Run.SyncAsync(Request(source, destination, ["1", "2"]))).Statuses());
        Assert.True(destination.HasBlob("a", blob));
    }

    private static async Task<IReadOnlyList<string>> SeedAsync(EmbeddedRegistry source)
    {
        for (var i = 0; i < 4; i++)
        {
            var image = ImageFactory.Create(new ImageSpec { Seed = 500 + i, Layers = 1 });
            await source.AddAsync("a", image, [.. Enumerable.Range(0, 5).Select(n => $"t{(n * 4) + i}")]);
        }

        return [.. Enumerable.Range(0, 20).Select(n => $"t{n}")];
    }

    private static SyncRequest Request(EmbeddedRegistry source, EmbeddedRegistry destination, IReadOnlyList<string> tags) =>
        new() { Pairs = [.. tags.Select(t => Pair(source, destination, t, "a"))] };

    private static SyncPair Pair(EmbeddedRegistry source, EmbeddedRegistry destination, string tag, string repository)
    {
        var reference = ImageReference.Parse($"{source.Address}/a:{tag}");
        return new SyncPair(reference, ImageReference.Parse($"{destination.Address}/{repository}:{tag}"), reference.ToString());
    }
}
