using System.Text.Json.Nodes;
using System.Text;
using OciSync.Core.Flow;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Copying;

public sealed class ReferrerTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Referrers_of_the_image_its_children_and_its_referrers_arrive_with_or_without_the_api(bool sourceApi, bool destinationApi)
    {
        await using var world = await ReferrerWorld.StartAsync(sourceApi, destinationApi);

        var row = await Run.OneAsync(world.Request);

        Assert.True(row.Error is null, row.Error);
        Assert.Equal(("Copied", 3), (row.Status, row.ReferrersCopied));
        Assert.Equal(world.Referrers.Append(world.Image).SelectMany(i => i.Blobs).DistinctBy(b => b.Key).Sum(b => (long)b.Value.Length), row.BytesCopied);
        await ReferrerWorld.CheckAsync(world, world.Destination);

        world.Destination.Requests.Clear();
        var again = await Run.OneAsync(world.Request);
        Assert.Equal(("UpToDate", 0, 0L), (again.Status, again.ReferrersCopied, again.BytesCopied));
        Assert.DoesNotContain(world.Destination.Requests, e => e.Method is not "HEAD" and not "GET");
    }

    [Fact]
    public async Task Without_the_wish_none_comes()
    {
        await using var world = await ReferrerWorld.StartAsync(true, false);
        var row = await Run.OneAsync(world.Request with { IncludeReferrer = false });
        Assert.Equal(("Copied", 0), (row.Status, row.ReferrersCopied));
        Assert.Equal(["1"], world.Destination.TagsOf("a"));
        Assert.All(world.Referrers, r => Assert.False(world.Destination.HasManifest("a", r.Digest)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_image_that_is_up_to_date_gets_new_referrers_and_is_not_pulled_for_it(bool destinationApi)
    {
        await using var world = await ReferrerWorld.StartAsync(true, destinationApi);
        await Run.OneAsync(world.Request);
        var late = ImageFactory.Artifact("application/vnd.test.scan", "late", world.Image.Root);
        await world.AddAsync(world.Image.Digest, late);
        world.Source.Requests.Clear();

        var plan = await Run.OneAsync(world.Request with { IsReadOnly = true });
        Assert.Equal(("WouldUpdate", 1, "1 of its referrers was missing"), (plan.Status, plan.ReferrersCopied, plan.Reason));
        Assert.False(world.Destination.HasManifest("a", late.Digest));
        var declined = Assert.Single(await Run.SyncAsync(world.Request, confirm: r => Task.FromResult(r.Status != "WouldUpdate")));
        Assert.Equal(("Skipped", 0), (declined.Row.Status, declined.Row.ReferrersCopied));

        var row = await Run.OneAsync(world.Request);

        Assert.Equal(("Updated", 1, false), (row.Status, row.ReferrersCopied, row.DigestChanged));
        Assert.Equal(new[] { late.Digest, world.Signature.Digest }.Order(), (await ReferrerWorld.ListAsync(world.Destination, world.Image.Digest)).Order());
        Assert.DoesNotContain(world.Source.Requests, e => e.Method == "GET" && e.Path.EndsWith("/manifests/" + world.Image.Digest, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_for_a_new_image_counts_them_and_writes_nothing()
    {
        await using var world = await ReferrerWorld.StartAsync(false, false);
        var row = await Run.OneAsync(world.Request with { IsReadOnly = true });
        Assert.Equal(("WouldCopy", 3), (row.Status, row.ReferrersCopied));
        Assert.DoesNotContain(world.Destination.Requests, e => e.Method is not "HEAD" and not "GET");
    }

    [Fact]
    public async Task A_list_of_many_pages_is_read_to_its_end()
    {
        await using var world = await ReferrerWorld.StartAsync(new RegistryDialect { ReferrersPageSize = 2 }, new RegistryDialect());
        var more = Enumerable.Range(0, 6).Select(i => ImageFactory.Artifact("application/x", "text " + i, world.Image.Root)).ToArray();
        await world.AddAsync(world.Image.Digest, more);

        var row = await Run.OneAsync(world.Request);

        Assert.Equal(("Copied", 9), (row.Status, row.ReferrersCopied));
        Assert.Equal(7, (await ReferrerWorld.ListAsync(world.Destination, world.Image.Digest)).Count);
        Assert.Equal(4, world.Source.Requests.Count(e => e.Path.EndsWith("/referrers/" + world.Image.Digest, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(405)]
    [InlineData(501)]
    public async Task Registries_say_in_many_ways_that_they_have_no_such_api(int status)
    {
        var dialect = new RegistryDialect { Referrers = false, NoReferrersStatus = status };
        await using var world = await ReferrerWorld.StartAsync(dialect, dialect with { NoReferrersStatus = 404 });
        var everything = world.Image.Manifests.Concat(world.Referrers.Select(r => r.Root)).Select(m => m.Digest);
        foreach (var digest in everything.Except([world.Image.Digest, world.Image.Manifests[0].Digest, world.Sbom.Digest]))
        {
            await world.AddAsync(digest);
        }

        var row = await Run.OneAsync(world.Request);

        Assert.True(row.Error is null, row.Error);
        Assert.Equal(("Copied", 3), (row.Status, row.ReferrersCopied));
    }

    [Fact]
    public async Task A_refusal_to_list_is_no_empty_list()
    {
        await using var world = await ReferrerWorld.StartAsync(new RegistryDialect { Referrers = false, NoReferrersStatus = 403 }, new RegistryDialect());
        var row = await Run.OneAsync(world.Request);
        Assert.Equal(("Failed", "OciForbidden"), (row.Status, row.ErrorId));
        Assert.Equal(world.Image.Digest, world.Destination.DigestOf("a", "1"));
    }

    [Fact]
    public async Task One_that_is_listed_and_not_there_is_an_error_and_the_others_come()
    {
        await using var world = await ReferrerWorld.StartAsync(false, true);
        var gone = ImageFactory.Artifact("application/x", "gone", world.Image.Root);
        await world.Source.AddAsync("a", ImageFactory.ReferrersIndex(world.Signature, gone), ReferrerWorld.TagFor(world.Image.Digest));

        var outcome = Assert.Single(await Run.SyncAsync(world.Request));

        Assert.Equal(("Failed", "OciReferrerLost", 3), (outcome.Row.Status, outcome.Row.ErrorId, outcome.Row.ReferrersCopied));
        Assert.Contains(gone.Digest, outcome.Row.Error, StringComparison.Ordinal);
        Assert.Equal(world.Image.Digest, world.Destination.DigestOf("a", "1"));
        await ReferrerWorld.CheckAsync(world, world.Destination);
        Assert.Equal("Failed", (await Run.OneAsync(world.Request)).Status);
    }

    [Fact]
    public async Task One_whose_blob_is_gone_is_an_error_and_the_others_come()
    {
        await using var world = await ReferrerWorld.StartAsync();
        world.Source.LoseBlob("a", world.Sbom.Blobs.Keys.Single(d => !world.Signature.Blobs.ContainsKey(d)));

        var row = await Run.OneAsync(world.Request);

        Assert.Equal(("Failed", "OciReferrerLost", 2), (row.Status, row.ErrorId, row.ReferrersCopied));
        Assert.False(world.Destination.HasManifest("a", world.Sbom.Digest));
        Assert.True(world.Destination.HasManifest("a", world.Signature.Digest));
    }

    [Fact]
    public async Task A_destination_that_refuses_them_is_an_error_and_has_the_image()
    {
        await using var world = await ReferrerWorld.StartAsync(new RegistryDialect(), new RegistryDialect { RefuseEmptyType = true });

        var row = await Run.OneAsync(world.Request);

        Assert.Equal(("Failed", "OciReferrerLost", 0), (row.Status, row.ErrorId, row.ReferrersCopied));
        Assert.StartsWith("3 referrers of", row.Error, StringComparison.Ordinal);
        Assert.Equal(world.Image.Digest, world.Destination.DigestOf("a", "1"));
    }

    [Fact]
    public async Task An_entry_that_speaks_of_something_else_is_left_out_with_a_warning()
    {
        await using var world = await ReferrerWorld.StartAsync(false, true);
        await world.Source.AddAsync("a", ImageFactory.ReferrersIndex(world.Signature, world.Image), ReferrerWorld.TagFor(world.Image.Digest));
        var warnings = new List<string>();

        var row = Assert.Single(await Run.SyncAsync(world.Request, events: new EngineEvents { Warning = warnings.AddLocked })).Row;

        Assert.Equal(("Copied", 3), (row.Status, row.ReferrersCopied));
        Assert.Contains("does not speak of", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_of_referrers_without_end_is_refused()
    {
        await using var world = await ReferrerWorld.StartAsync();
        var last = world.SbomSignature;
        for (var i = 0; i < 8; i++)
        {
            last = ImageFactory.Artifact("application/x", "link " + i, last.Root);
            await world.AddAsync(last.Root.Digest, last);
        }

        var row = await Run.OneAsync(world.Request);

        Assert.Equal(("Failed", "OciReferrerLost"), (row.Status, row.ErrorId));
        Assert.Contains("deep", row.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_runs_at_the_same_time_lose_nothing_of_the_index_under_the_tag_that_the_next_run_does_not_find()
    {
        await using var first = await ReferrerWorld.StartAsync(true, false);
        await using var second = await EmbeddedRegistry.StartAsync();
        await second.AddAsync("a", first.Image, "1");
        var own = Enumerable.Range(0, 5).Select(i => ImageFactory.Artifact("application/x", "own " + i, first.Image.Root)).ToList();
        foreach (var referrer in own)
        {
            await second.AddAsync("a", referrer);
        }

        await Run.OneAsync(first.Request with { IncludeReferrer = false });
        var other = Run.Request([$"{second.Address}/a:1"], first.Destination.Address) with { IncludeReferrer = true };
        Assert.All(await Task.WhenAll(Run.OneAsync(first.Request), Run.OneAsync(other)), r => Assert.True(r.Error is null, r.Error));

        // No registry of this kind has a lock: one may have overwritten the other at the worst moment.
        await Run.OneAsync(first.Request);
        await Run.OneAsync(other);
        var listed = await ReferrerWorld.ListAsync(first.Destination, first.Image.Digest);
        Assert.All(own.Append(first.Signature), r => Assert.Contains(r.Digest, listed));
    }

    [Fact]
    public async Task What_another_overwrites_is_written_again()
    {
        await using var world = await ReferrerWorld.StartAsync(true, false);
        var tag = ReferrerWorld.TagFor(world.Image.Digest);
        world.Destination.Faults.Add("PUT", tag, new FaultAction { Kind = FaultKind.Respond, Status = 201 }, times: 2);

        var row = await Run.OneAsync(world.Request);

        Assert.True(row.Error is null, row.Error);
        Assert.Equal([world.Signature.Digest], await ReferrerWorld.ListAsync(world.Destination, world.Image.Digest));
        Assert.Equal(3, world.Destination.Requests.Count(e => e.Method == "PUT" && e.Path.EndsWith(tag, StringComparison.Ordinal)));

        world.Destination.Faults.Add("PUT", tag, new FaultAction { Kind = FaultKind.Respond, Status = 201 }, times: 100);
        await world.AddAsync(world.Image.Digest, ImageFactory.Artifact("application/x", "never", world.Image.Root));
        Assert.Equal("OciReferrerLost", (await Run.OneAsync(world.Request)).ErrorId);
    }

    [Fact]
    public async Task The_index_under_the_tag_keeps_what_it_has_and_names_type_and_annotations()
    {
        await using var world = await ReferrerWorld.StartAsync(true, false);
        var other = ImageFactory.Artifact("application/x", "of the destination", world.Image.Root);
        await world.Destination.AddAsync("a", other);
        await world.Destination.AddAsync("a", ImageFactory.ReferrersIndex(other), ReferrerWorld.TagFor(world.Image.Digest));

        await Run.OneAsync(world.Request);

        using var reader = new RawRegistryReader(world.Destination.BaseUri);
        var index = await reader.GetManifestAsync("a", ReferrerWorld.TagFor(world.Image.Digest), TestContext.Current.CancellationToken);
        var entries = JsonNode.Parse(Encoding.UTF8.GetString(index.Bytes))!["manifests"]!.AsArray();
        Assert.Equal([other.Digest, world.Signature.Digest], entries.Select(e => (string)e!["digest"]!));
        Assert.Equal("application/vnd.test.signature", (string?)entries[1]!["artifactType"]);
        Assert.Equal("2023-11-14T22:13:20Z", (string?)entries[1]!["annotations"]!["org.opencontainers.image.created"]);
        Assert.Equal("application/vnd.oci.image.index.v1+json", index.MediaType);
    }

    [Fact]
    public async Task A_check_finds_what_the_registry_has_lost_of_them_and_sends_it_again()
    {
        await using var world = await ReferrerWorld.StartAsync();
        await Run.OneAsync(world.Request);
        var blob = world.Sbom.Blobs.Keys.Single(d => !world.Signature.Blobs.ContainsKey(d));
        world.Destination.LoseBlob("a", blob);
        Assert.Equal("UpToDate", (await Run.OneAsync(world.Request)).Status);

        var plan = await Run.OneAsync(world.Request with { Verify = true, IsReadOnly = true });
        Assert.Equal(("WouldUpdate", 1), (plan.Status, plan.ReferrersCopied));
        var row = await Run.OneAsync(world.Request with { Verify = true });

        Assert.Equal(("Updated", 1), (row.Status, row.ReferrersCopied));
        Assert.True(world.Destination.HasBlob("a", blob));
        Assert.Equal(("UpToDate", 0), await PlanAsync(world.Request with { Verify = true, IsReadOnly = true }));
        var asked = 0;
        await Run.SyncAsync(world.Request with { Verify = true }, confirm: _ => Task.FromResult(++asked > 0));
        Assert.Equal(0, asked);
        Assert.Equal("UpToDate", (await Run.OneAsync(world.Request with { Verify = true })).Status);
    }

    private static async Task<(string Status, int Referrers)> PlanAsync(Core.Requests.SyncRequest request)
    {
        var row = await Run.OneAsync(request);
        return (row.Status, row.ReferrersCopied);
    }

    [Fact]
    public async Task Two_tags_of_one_image_bring_its_referrers_once()
    {
        await using var world = await ReferrerWorld.StartAsync(true, false);
        await world.Source.AddAsync("a", world.Image, "2");

        var rows = await Run.SyncAsync(
            Run.Request([$"{world.Source.Address}/a:1", $"{world.Source.Address}/a:2"], world.Destination.Address) with { IncludeReferrer = true });

        Assert.Equal(["Copied", "Copied"], rows.Statuses());
        Assert.Equal(3, rows.Sum(r => r.Row.ReferrersCopied));
        Assert.Single(world.Destination.Requests, e => e.Method == "PUT" && e.Path.EndsWith(world.Sbom.Digest, StringComparison.Ordinal));
    }
}
