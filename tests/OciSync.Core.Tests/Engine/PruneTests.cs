using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tags;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;
using static OciSync.Core.Tests.Engine.PruneRuns;

namespace OciSync.Core.Tests.Engine;

/// <summary>Runs that prune: what goes, and each thing that keeps everything.</summary>
public sealed class PruneTests
{
    [Theory]
    [InlineData("default")]
    [InlineData("distribution2")]
    public async Task What_the_choice_no_longer_contains_goes_and_a_second_run_changes_nothing(string dialect)
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync(dialect);

        var rows = await Run.SyncAsync(Latest(2, source, place));

        Assert.Equal(["Copied", "Copied", "Pruned", "Pruned"], rows.Statuses());
        Assert.Equal(["3.0", "4.0"], place.TagsOf("a").Order());
        var pruned = rows.Select(r => r.Row).Single(r => r.Destination == $"{place.Address}/a:1.0");
        Assert.Equal((string.Empty, Samples[1].Digest, (string?)null), (pruned.Source, pruned.PreviousDigest, pruned.Digest));
        Assert.Equal(["UpToDate", "UpToDate"], (await Run.SyncAsync(Latest(2, source, place))).Statuses());
    }

    [Fact]
    public async Task What_would_go_is_told_and_nothing_is_tried()
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");

        var rows = await Run.SyncAsync(Latest(2, source, place) with { IsReadOnly = true });

        Assert.Equal(["WouldCopy", "WouldCopy", "WouldPrune", "WouldPrune"], rows.Statuses());
        Assert.Equal(
            [$"{place.Address}/a:0.9", $"{place.Address}/a:1.0"], rows.Where(r => r.Row.Status == "WouldPrune").Select(r => r.Row.Destination).Order());
        Assert.DoesNotContain(place.Requests, r => r.Method is not ("GET" or "HEAD"));
    }

    [Fact]
    public async Task Repositories_that_the_run_does_not_name_stay()
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");
        await place.AddAsync("b", Samples[0], "1");
        await place.AddAsync("aa", Samples[0], "1");

        await Run.SyncAsync(Latest(2, source, place));

        Assert.Equal(["1", "1"], place.TagsOf("b").Concat(place.TagsOf("aa")));
    }

    [Fact]
    public async Task A_listing_that_fails_half_way_prunes_nothing()
    {
        await using var source = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = new RegistryDialect { TagPageSize = 2 } });
        await FillAsync(source);
        await using var place = await PlaceAsync("default");
        source.Faults.Add(new Fault { Method = "GET", PathContains = "/tags/list", Action = FaultAction.Respond(500), Skip = 1, Times = 100 });
        var request = Latest(2, source, place);
        await source.AddAsync("good", Samples[5], "1");
        await place.AddAsync("good", Samples[0], "0");
        var warnings = new List<string>();

        var rows = await Run.SyncAsync(
            request with { Pairs = Run.Request([$"{source.Address}/good:1"], place.Address).Pairs }, events: new EngineEvents { Warning = warnings.AddLocked });

        Assert.Equal(["Copied", "Failed"], rows.Statuses());
        Assert.Equal("0.9,1.0 0,1", $"{string.Join(',', place.TagsOf("a").Order())} {string.Join(',', place.TagsOf("good").Order())}");
        Assert.Contains(warnings, w => w.StartsWith("Nothing is pruned", StringComparison.Ordinal));
        Assert.Equal(0, place.Requests.Count("DELETE"));
    }

    [Fact]
    public async Task A_copy_that_fails_prunes_nothing()
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");
        source.Faults.Add("GET", "/manifests/", FaultAction.Respond(404, "MANIFEST_UNKNOWN"), times: 1);

        Assert.Equal(["Copied", "Failed"], (await Run.SyncAsync(Latest(2, source, place))).Statuses());
        Assert.Equal(4, place.TagsOf("a").Count + 1);
    }

    [Fact]
    public async Task A_choice_of_nothing_prunes_nothing()
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");

        Assert.Empty(await Run.SyncAsync(Request(new TagChoice { Include = ["nothing*"] }, source, place)));
        Assert.Equal(2, place.TagsOf("a").Count);
    }

    [Fact]
    public async Task A_destination_that_can_not_be_listed_is_a_failure_and_prunes_nothing()
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");
        await using var other = await PlaceAsync("default");
        place.Faults.Add("GET", "/tags/list", FaultAction.Respond(403, "DENIED"), times: 100);
        var request = Latest(2, source, place, other);

        var rows = await Run.SyncAsync(request);

        Assert.Equal("OciForbidden", Assert.Single(rows, r => r.Failure is not null).Row.ErrorId);
        Assert.Equal(4, rows.Count(r => r.Row.Status == "Copied"));
        Assert.Equal((4, 4), (place.TagsOf("a").Count, other.TagsOf("a").Count));
    }

    [Theory]
    [InlineData("1", 2, "OciPruneLimitExceeded")]
    [InlineData("2", 0, null)]
    [InlineData("50%", 2, "OciPruneLimitExceeded")]
    [InlineData("100%", 0, null)]
    public async Task More_than_may_go_does_not_go(string limit, int left, string? fault)
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");
        var request = Latest(2, source, place);

        var rows = await Run.SyncAsync(request with { Prune = request.Prune! with { Limit = PruneLimit.Parse(limit) } });

        Assert.Equal(fault, rows.SingleOrDefault(r => r.Failure is not null)?.Row.ErrorId);
        Assert.Equal(2 + left, place.TagsOf("a").Count);
        Assert.Equal(2, rows.Count(r => r.Row.Status == "Copied"));
        if (fault is not null)
        {
            Assert.Contains("-MaxPrune 2", rows.Single(r => r.Failure is not null).Row.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("dockerhub")]
    [InlineData("400")]
    public async Task A_registry_without_deletion_is_found_out_before_anything_is_copied(string dialect)
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync(dialect == "400" ? "default" : dialect);
        if (dialect == "400")
        {
            place.Faults.Add("DELETE", "/manifests/", FaultAction.Respond(400, "UNSUPPORTED"), times: 10);
        }

        var fault = await Assert.ThrowsAsync<OciException>(() => Run.SyncAsync(Latest(2, source, place)));

        Assert.Equal(OciErrorKind.DeleteUnsupported, fault.Kind);
        Assert.StartsWith("Nothing was copied", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, place.Requests.Count("PUT") + place.Requests.Count("POST"));
    }

    [Fact]
    public async Task A_digest_that_is_needed_stays_where_tags_can_not_go_alone()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        var index = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual });
        await source.AddAsync("a", index, "2.0");
        await using var place = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = RegistryDialects.Get("distribution2") });
        await place.AddAsync("a", index, "again");
        await place.AddAsync("a", new TestImage([index.Manifests[0]], index.Blobs), "amd64");
        await place.AddAsync("a", Samples[0], "old");
        var signature = $"sha256-{index.Digest[7..]}.sig";
        await place.AddAsync("a", Samples[1], signature);

        var rows = await Run.SyncAsync(Latest(1, source, place));

        Assert.Equal(["Copied", "Pruned", "Skipped", "Skipped", "Skipped"], rows.Statuses());
        Assert.Equal(["2.0", "again", "amd64", signature], place.TagsOf("a").Order());
        Assert.All(rows.Where(r => r.Row.Status == "Skipped"), r => Assert.Contains("'2.0'", r.Row.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_speaks_of_a_chosen_image_stays_where_tags_go_alone_too()
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");
        await place.AddAsync("a", ImageFactory.Artifact("application/vnd.test.sbom", "x", Samples[4].Root), "sbom");

        await Run.SyncAsync(Latest(2, source, place));

        Assert.Equal(["3.0", "4.0", "sbom"], place.TagsOf("a").Order());
    }

    [Theory]
    [InlineData("default")]
    [InlineData("distribution2")]
    public async Task Signatures_of_signatures_of_a_chosen_image_stay(string dialect)
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync(dialect);
        var sbom = ImageFactory.Artifact("application/vnd.test.sbom", "x", Samples[4].Root);
        var signature = CosignTag(Samples[4].Digest);
        var (ofSignature, ofSbom, ofNothing) = (CosignTag(Samples[2].Digest), CosignTag(sbom.Digest), CosignTag(Samples[0].Digest));
        await place.AddAsync("a", sbom);
        await place.AddAsync("a", Samples[2], signature);
        await place.AddAsync("a", Samples[3], ofSignature);
        await place.AddAsync("a", Samples[5], ofSbom);
        await place.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 40 }), ofNothing);

        var rows = await Run.SyncAsync(Latest(1, source, place));

        Assert.Equal(new[] { "4.0", signature, ofSignature, ofSbom }.Order(), place.TagsOf("a").Order());
        Assert.Equal(["Copied", "Pruned", "Pruned", "Pruned", "Skipped", "Skipped", "Skipped"], rows.Statuses());
    }

    [Theory]
    [InlineData("default")]
    [InlineData("distribution2")]
    public async Task A_plan_removes_what_it_says_and_nothing_else(string dialect)
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync(dialect);
        await place.AddAsync("a", Samples[5], "5.0");
        await place.AddAsync("a", Samples[2], "gone");
        await place.AddAsync("a", Samples[3], "moved");
        var plan = await Run.SyncAsync(Latest(2, source, place) with { IsReadOnly = true });
        await place.AddAsync("a", Samples[4], "since");
        await place.AddAsync("a", Samples[4], "moved");
        using (var client = new HttpClient())
        {
            (await client.DeleteAsync(new Uri(place.BaseUri, $"v2/a/manifests/{Samples[2].Digest}"), TestContext.Current.CancellationToken))
                .EnsureSuccessStatusCode();
        }

        var request = Planned(plan, r => r.Destination != $"{place.Address}/a:5.0");

        var again = await Run.SyncAsync(request with { IsReadOnly = true });
        var rows = await Run.SyncAsync(request);

        Assert.Equal(["Skipped", "Skipped", "WouldPrune", "WouldPrune"], again.Statuses());
        Assert.Equal(["Pruned", "Pruned", "Skipped", "Skipped"], rows.Statuses());
        Assert.Equal(["5.0", "moved", "since"], place.TagsOf("a").Order());
        Assert.Equal(["Skipped", "Skipped", "Skipped", "Skipped"], (await Run.SyncAsync(request)).Statuses());
    }

    [Fact]
    public async Task A_plan_has_the_guards_of_pruning()
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("distribution2");
        await place.AddAsync("a", Samples[0], "kept");
        await place.AddAsync("a", Samples[4], CosignTag(Samples[0].Digest));
        var plan = Planned(
            await Run.SyncAsync(Latest(2, source, place) with { IsReadOnly = true }), r => !r.Destination.EndsWith(":kept", StringComparison.Ordinal));
        var bad = Run.Request([$"{source.Address}/a:missing"], place.Address).Pairs;

        Assert.Equal(["Failed"], (await Run.SyncAsync(plan with { Pairs = bad })).Statuses());
        Assert.Equal(
            "OciPruneLimitExceeded", Assert.Single(await Run.SyncAsync(plan with { Prune = new PruneRequest { Limit = PruneLimit.Parse("0") } })).Row.ErrorId);
        Assert.Equal(
            ["Skipped", "Skipped", "Skipped"],
            (await Run.SyncAsync(plan with { Prune = new PruneRequest { Confirm = _ => Task.FromResult(false) } })).Statuses());
        Assert.Equal(
            OciErrorKind.ChoiceInvalid,
            (await Assert.ThrowsAsync<OciException>(() => Run.SyncAsync(plan with { Prune = new PruneRequest { IsWanted = true } }))).Kind);
        Assert.Equal(4, place.TagsOf("a").Count);

        // One digest has another tag, and a signature of it stays with that.
        Assert.Equal(["Pruned", "Skipped", "Skipped"], (await Run.SyncAsync(plan)).Statuses());
        Assert.Equal(["0.9", "kept", CosignTag(Samples[0].Digest)], place.TagsOf("a").Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_asked_once_and_before_anything_is_copied(bool answer)
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");
        var asked = new List<IReadOnlyList<OciSyncResult>>();
        var request = Latest(2, source, place);

        var rows = await Run.SyncAsync(request with
        {
            Prune = request.Prune! with
            {
                Confirm = plan =>
                {
                    asked.Add(plan);
                    Assert.Equal(0, place.Requests.Count("PUT"));
                    return Task.FromResult(answer);
                },
            },
        });

        Assert.Equal(["WouldPrune", "WouldPrune"], Assert.Single(asked).Select(r => r.Status));
        Assert.Equal(answer ? ["Copied", "Copied", "Pruned", "Pruned"] : ["Copied", "Copied", "Skipped", "Skipped"], rows.Statuses());
        Assert.Equal(answer ? 2 : 4, place.TagsOf("a").Count);
    }

    [Fact]
    public async Task What_has_moved_or_come_since_it_was_confirmed_stays()
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");
        var request = Latest(2, source, place);

        var rows = await Run.SyncAsync(request with
        {
            Prune = request.Prune! with
            {
                Confirm = async _ =>
                {
                    await place.AddAsync("a", Samples[0], "1.0");
                    await place.AddAsync("a", Samples[0], "new");
                    return true;
                },
            },
        });

        Assert.Equal(["Copied", "Copied", "Pruned", "Skipped"], rows.Statuses());
        Assert.Equal(["1.0", "3.0", "4.0", "new"], place.TagsOf("a").Order());
    }

    [Fact]
    public async Task A_registry_that_only_seems_to_delete_tags_is_pruned_by_digest()
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("distribution2");
        place.Faults.Add("DELETE", "/manifests/ocisync", FaultAction.Respond(404, "MANIFEST_UNKNOWN"), times: 1);

        Assert.Equal(["Copied", "Copied", "Pruned", "Pruned"], (await Run.SyncAsync(Latest(2, source, place))).Statuses());
        Assert.Equal(["3.0", "4.0"], place.TagsOf("a").Order());
    }

    [Fact]
    public async Task A_deletion_that_fails_is_a_row_and_the_others_go_on()
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");
        place.Faults.Add("DELETE", "/manifests/0.9", FaultAction.Respond(412), times: 1);

        var rows = await Run.SyncAsync(Latest(2, source, place));

        Assert.Equal(["Copied", "Copied", "Failed", "Pruned"], rows.Statuses());
        Assert.Equal(
            ("OciTagImmutable", $"{place.Address}/a:0.9"),
            (rows.Single(r => r.Failure is not null).Row.ErrorId, rows.Single(r => r.Failure is not null).Row.Destination));
    }

    [Theory]
    [InlineData(null, true, 2)]
    [InlineData(false, true, 4)]
    [InlineData(true, false, 2)]
    [InlineData(null, false, 4)]
    public async Task What_a_file_says_of_a_repository_goes_before_the_command(bool? file, bool command, int left)
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");
        var request = Latest(2, source, place);

        await Run.SyncAsync(request with { Repositories = [request.Repositories[0] with { Prune = file }], Prune = new PruneRequest { IsWanted = command } });

        Assert.Equal(left, place.TagsOf("a").Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_part_of_the_choice_prunes_nothing_and_copies_nothing(bool shard)
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");
        var request = Latest(2, source, place);

        var fault = await Assert.ThrowsAsync<OciException>(
            () => Run.SyncAsync(shard ? request with { Shard = Shard.Parse("1/2") } : request with { NewOnly = true }));

        Assert.Equal(OciErrorKind.ChoiceInvalid, fault.Kind);
        Assert.Equal(["0.9", "1.0"], place.TagsOf("a").Order());
    }

    [Fact]
    public async Task What_is_left_alone_as_it_is_there_is_chosen_too()
    {
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");
        var request = Latest(4, source, place) with { SkipExisting = new TagFilter(new TagChoice { Include = ["*"] }) };

        Assert.Equal(["Copied", "Copied", "Copied", "Pruned", "Skipped"], (await Run.SyncAsync(request)).Statuses());
        Assert.Equal(["1.0", "2.0", "3.0", "4.0"], place.TagsOf("a").Order());
    }
}
