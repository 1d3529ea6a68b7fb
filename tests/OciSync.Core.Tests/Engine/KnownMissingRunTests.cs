using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Tags;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

/// <summary>What is known to be missing is passed over, and everything else that fails still does.</summary>
public sealed class KnownMissingRunTests
{
    private static readonly RegistryOptions Strict = new() { Dialect = new RegistryDialect { KnownRepositories = ["a"] } };

    [Theory]
    [InlineData(404, "NAME_UNKNOWN")]
    [InlineData(404, null)]
    [InlineData(401, "UNAUTHORIZED")]
    [InlineData(403, "DENIED")]
    public async Task A_repository_that_is_known_to_be_missing_is_skipped_with_the_reason(int status, string? code)
    {
        await using var places = await StartAsync();
        places.Registries[0].Faults.Add("GET", "/gone/tags/list", FaultAction.Respond(status, code), times: 10);

        var outcomes = await Run.SyncAsync(Request(places, "a", "gone") with { KnownMissing = KnownMissing.Parse([places.Addresses[0] + "/gone"]) });

        Assert.Equal(["Copied", "Skipped"], outcomes.Statuses());
        var skipped = outcomes.Single(o => o.Row.Status == "Skipped");
        Assert.Null(skipped.Failure);
        Assert.Equal((places.Addresses[0] + "/gone", places.Addresses[1] + "/gone"), (skipped.Row.Source, skipped.Row.Destination));
        Assert.StartsWith("it is known to be missing: ", skipped.Row.Reason, StringComparison.Ordinal);

        var unknown = await Run.SyncAsync(Request(places, "a", "gone") with { KnownMissing = KnownMissing.Parse([places.Addresses[0] + "/other"]) });
        Assert.Equal(["Failed", "UpToDate"], unknown.Statuses());
    }

    [Fact]
    public async Task A_registry_that_fails_is_not_missing()
    {
        await using var places = await StartAsync();
        places.Registries[0].Faults.Add("GET", "/gone/tags/list", FaultAction.Respond(500), times: 100);
        var outcomes = await Run.SyncAsync(Request(places, "gone") with { KnownMissing = KnownMissing.Parse(["*"]) });
        Assert.Equal("OciServerError", Assert.Single(outcomes).Row.ErrorId);
    }

    [Fact]
    public async Task An_image_that_is_known_to_be_missing_is_skipped()
    {
        await using var places = await StartAsync();
        var request = Run.Request([places.Addresses[0] + "/a:1", places.Addresses[0] + "/a:2"], places.Addresses[1]);
        var rows = await Run.SyncAsync(request with { KnownMissing = KnownMissing.Parse([places.Addresses[0] + "/a:2"]) });
        Assert.Equal(["Copied", "Skipped"], rows.Statuses());
        Assert.All(rows, r => Assert.Null(r.Failure));
    }

    [Fact]
    public async Task What_the_destination_lacks_is_a_failure()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync(Strict);
        await source.AddAsync("b", ImageFactory.Create(), "1");
        var row = await Run.OneAsync(Run.Request([source.Address + "/b:1"], place.Address) with { KnownMissing = KnownMissing.Parse(["*"]) });
        Assert.Equal(("Failed", "OciRepositoryUnknown"), (row.Status, row.ErrorId));
    }

    [Fact]
    public async Task Two_sources_of_one_name_are_one_when_the_other_is_known_to_be_missing()
    {
        await using var places = await StartAsync();
        await places.Registries[0].AddAsync("x/a", ImageFactory.Create(new ImageSpec { Seed = 7 }), "1");
        var request = Run.Request([places.Addresses[0] + "/old/a:1", places.Addresses[0] + "/x/a:1"], places.Addresses[1]);
        var rows = await Run.SyncAsync(request with { KnownMissing = KnownMissing.Parse([places.Addresses[0] + "/old/*"]) });
        Assert.Equal(["Copied", "Skipped"], rows.Statuses());
    }

    [Fact]
    public async Task Where_images_of_a_missing_repository_went_nothing_is_pruned()
    {
        await using var places = await StartAsync();
        places.Registries[0].Faults.Add("GET", "/old/a/tags/list", FaultAction.Respond(404, "NAME_UNKNOWN"), times: 10);
        await places.Registries[1].AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 9 }), "0.9");
        var request = Request(places, "a", "old/a") with { Prune = new PruneRequest { IsWanted = true, Limit = PruneLimit.Parse("100%") } };

        var rows = await Run.SyncAsync(request with { KnownMissing = KnownMissing.Parse([places.Addresses[0] + "/old/a"]) });

        Assert.Equal(["Copied", "Skipped"], rows.Statuses());
        Assert.Contains("0.9", places.Registries[1].TagsOf("a"));
    }

    private static async Task<Places> StartAsync()
    {
        var places = await Places.StartAsync(2);
        await places.Registries[0].AddAsync("a", ImageFactory.Create(), "1");
        return places;
    }

    private static SyncRequest Request(Places places, params string[] repositories) => new()
    {
        Repositories = repositories.Select(r => new SyncRepository(
            ImageReference.Parse(places.Addresses[0] + "/" + r),
            new TagSelector(TagChoice.Everything),
            [SyncPlace.Below(GivenDestination.Read(places.Addresses[1]), DestinationNaming.Leaf)],
            r)).ToList(),
    };
}
