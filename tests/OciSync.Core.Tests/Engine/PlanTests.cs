using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tags;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

/// <summary>What a plan pins and leaves alone, and what that costs in requests.</summary>
public sealed class PlanTests
{
    private static readonly TagFilter Everything = new(new TagChoice { Include = ["*"] });

    [Fact]
    public async Task A_source_that_moved_is_not_copied_and_its_row_keeps_what_was_planned()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 1 }), "1");
        var planned = Digest.Parse(source.DigestOf("a", "1")!);
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 2 }), "1");

        var row = await Run.OneAsync(Pinned(Run.Request([$"{source.Address}/a:1"], place.Address), planned));

        Assert.Equal(("OciSourceMoved", planned.ToString()), (row.ErrorId, row.SourceDigest));
        Assert.Null(place.DigestOf("a", "1"));
        Assert.Equal(0, place.Requests.Count("PUT") + place.Requests.Count("POST"));
    }

    [Fact]
    public async Task A_row_that_failed_for_another_reason_keeps_what_was_planned()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 1 }), "1");
        var planned = Digest.Parse(source.DigestOf("a", "1")!);
        source.Faults.Add(null, "/manifests/", FaultAction.Respond(403), times: 100);

        var row = await Run.OneAsync(Pinned(Run.Request([$"{source.Address}/a:1"], place.Address), planned));

        Assert.Equal(("OciForbidden", planned.ToString()), (row.ErrorId, row.SourceDigest));
    }

    [Fact]
    public async Task Of_two_for_one_name_the_one_that_moved_fails_alone()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 1 }), "1");
        await source.AddAsync("x/a", ImageFactory.Create(new ImageSpec { Seed = 2 }), "1");
        var other = Digest.Parse(source.DigestOf("x/a", "1")!);
        var request = Run.Request([$"{source.Address}/a:1", $"{source.Address}/x/a:1"], place.Address);

        var rows = await Run.SyncAsync(request with { Pairs = [request.Pairs[0] with { SourceDigest = other }, request.Pairs[1]] });

        Assert.Equal(["Copied", "OciSourceMoved"], rows.Select(r => r.Row.ErrorId ?? r.Row.Status).Order());
        Assert.Equal(other.ToString(), place.DigestOf("a", "1"));
    }

    [Fact]
    public async Task What_is_skipped_costs_one_list_at_the_destination_and_nothing_at_the_source()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        var tags = Enumerable.Range(1, 20).Select(i => $"1.{i}").ToList();
        foreach (var tag in tags)
        {
            await place.AddAsync("a", image, tag);
        }

        var rows = await Run.SyncAsync(Run.Request(tags.Select(t => $"{source.Address}/a:{t}"), place.Address) with { SkipExisting = Everything });

        Assert.Equal(20, rows.Count(r => r.Row.Status == SyncStatus.Skipped));
        Assert.Empty(source.Requests);
        Assert.Equal((1, 0), (place.Requests.Count("GET", "/tags/list"), place.Requests.Count(null, "/manifests/")));
    }

    [Fact]
    public async Task A_destination_that_lists_nothing_is_asked_for_each_tag()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 1 }), "1", "2");
        await place.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 9 }), "1");
        place.Faults.Add("GET", "/tags/list", FaultAction.Respond(403), times: 100);

        var rows = await Run.SyncAsync(Run.Request([$"{source.Address}/a:1", $"{source.Address}/a:2"], place.Address) with { SkipExisting = Everything });

        Assert.Equal(["Copied", "Skipped"], rows.Statuses());
    }

    [Fact]
    public async Task An_image_that_lacks_an_additional_tag_is_not_skipped()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        await place.AddAsync("a", ImageFactory.Create(), "1");

        await Run.SyncAsync(Run.Request([$"{source.Address}/a:1"], place.Address) with { SkipExisting = Everything, AdditionalTags = ["stable"] });

        Assert.Equal(place.DigestOf("a", "1"), place.DigestOf("a", "stable"));
    }

    [Fact]
    public async Task New_only_and_a_part_of_the_work_exclude_each_other()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1.0.0");
        var repository = ImageReference.Parse($"{source.Address}/a");
        var request = new SyncRequest
        {
            Repositories = [new SyncRepository(repository, new TagSelector(new TagChoice { Latest = 1 }), [SyncPlace.Below(GivenDestination.Read("p.test/x"), DestinationNaming.Leaf)], "a") { NewOnly = true }],
            Shard = Shard.Parse("1/2"),
        };

        var row = await Run.OneAsync(request);

        Assert.Equal(("OciChoiceInvalid", "p.test/x/a", "{ latest: 1, newOnly: true }"), (row.ErrorId, row.Destination, row.Selection));
    }

    private static SyncRequest Pinned(SyncRequest request, Digest digest) =>
        request with { Pairs = request.Pairs.Select(p => p with { SourceDigest = digest }).ToList() };
}
