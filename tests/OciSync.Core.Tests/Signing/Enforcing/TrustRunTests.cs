using OciSync.Core.Conversion;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Signing.Enforcing;

/// <summary>Runs under a policy: what is let in, what is refused, and what that costs.</summary>
public sealed class TrustRunTests
{
    [Fact]
    public async Task A_signed_image_is_let_in_for_the_two_reads_that_a_signature_takes()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.SignAsync(TrustWorld.Image.Root);
        await Run.OneAsync(world.Request(), world.Unsaid);
        var (heads, reads) = (world.Source.Requests.Count("HEAD"), world.Source.Requests.Count("GET"));
        await using var other = await EmbeddedRegistry.StartAsync();
        world.Source.Requests.Clear();

        var row = await world.RunAsync(Run.Request([world.App], other.Address) with { Trust = world.Signed });

        Assert.Equal((SyncStatus.Copied, "image", null), (row.Status, row.TrustBasis, row.Error));
        Assert.StartsWith("sha256:", Assert.Single(row.SignedBy), StringComparison.Ordinal);
        Assert.Equal(TrustWorld.Image.Digest, other.DigestOf("app", "1"));

        // What travels is the attachment, which is known by then, and bundles, which are asked for.
        var asked = world.Source.Requests.Count("GET", "/referrers/");
        Assert.Equal((heads, reads + 2, 1), (world.Source.Requests.Count("HEAD"), world.Source.Requests.Count("GET") - asked, asked));
        Assert.Equal(1, world.Source.Requests.Count("GET", TrustWorld.TagOf(TrustWorld.Image.Root)));
    }

    [Fact]
    public async Task An_unsigned_image_is_refused_before_a_layer_is_read_or_anything_is_written()
    {
        await using var world = await TrustWorld.StartAsync();
        var row = await world.CopyAsync(world.Signed);
        Assert.Equal((SyncStatus.Failed, "OciSignatureMissing", null), (row.Status, row.ErrorId, row.TrustBasis));
        Assert.Contains("a signature (sigstore) is required, and there is none (scope default of '", row.Error, StringComparison.Ordinal);
        Assert.Equal(0, world.Source.Requests.Count("GET", "/blobs/"));
        world.AssertUntouched();
    }

    [Fact]
    public async Task What_the_policy_alone_refuses_is_refused_without_a_request()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.SignAsync(TrustWorld.Image.Root);
        var accepted = world.Accepted;
        foreach (var trust in new[]
        {
            world.Policy("""[{"type": "reject"}]"""),
            world.Policy("""[{"type": "sigstoreSigned", "keyPath": "none.pub"}]"""),
            accepted with { Demand = SignatureDemand.Require },
            TrustOptions.Everything with { Demand = SignatureDemand.RequireIndex },
        })
        {
            Assert.Equal("OciSignatureRejected", (await world.CopyAsync(trust)).ErrorId);
        }

        Assert.Equal((0, 0), (world.Source.Requests.Count(), world.Destination.Requests.Count()));
    }

    [Fact]
    public async Task A_policy_that_asks_for_no_signature_costs_no_request()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.SignAsync(TrustWorld.Image.Root);
        await world.CopyAsync(TrustOptions.Everything);
        var without = world.Source.Requests.Snapshot().Select(r => $"{r.Method} {r.Path}").Order().ToList();
        await using var other = await EmbeddedRegistry.StartAsync();
        world.Source.Requests.Clear();

        var row = await world.RunAsync(Run.Request([world.App], other.Address) with { Trust = world.Accepted });

        Assert.Equal((SyncStatus.Copied, null), (row.Status, row.TrustBasis));
        Assert.Empty(row.SignedBy);
        Assert.Equal(without, world.Source.Requests.Snapshot().Select(r => $"{r.Method} {r.Path}").Order());
    }

    [Fact]
    public async Task What_is_up_to_date_is_not_checked_again_but_with_Verify()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.CopyAsync(TrustOptions.Everything);
        Assert.Equal(SyncStatus.UpToDate, (await world.CopyAsync(world.Signed)).Status);
        Assert.Equal("OciSignatureMissing", (await world.RunAsync(world.Request(world.Signed) with { Verify = true })).ErrorId);
        Assert.Equal("OciSignatureRejected", (await world.CopyAsync(world.Policy("""[{"type": "reject"}]"""))).ErrorId);
    }

    [Fact]
    public async Task A_tag_that_moves_after_the_check_changes_nothing()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.SignAsync(TrustWorld.Image.Root);
        var evil = ImageFactory.Create(new ImageSpec { Seed = 666 });

        // The question comes when the image was judged, and before anything is written.
        var row = Assert.Single(await Run.SyncAsync(world.Request(world.Signed), world.Options, confirm: async _ =>
        {
            await world.Source.AddAsync("app", evil, "1");
            return true;
        })).Row;

        Assert.Equal((SyncStatus.Copied, TrustWorld.Image.Digest), (row.Status, row.Digest));
        Assert.Equal(TrustWorld.Image.Digest, world.Destination.DigestOf("app", "1"));
        Assert.False(world.Destination.HasManifest("app", evil.Digest));
    }

    [Fact]
    public async Task A_plan_checks_as_well_and_asks_nobody()
    {
        await using var world = await TrustWorld.StartAsync();
        Assert.Equal("OciSignatureMissing", (await world.RunAsync(world.Request(world.Signed) with { IsReadOnly = true })).ErrorId);
        await world.SignAsync(TrustWorld.Image.Root);
        var row = await world.RunAsync(world.Request(world.Signed) with { IsReadOnly = true });
        Assert.Equal((SyncStatus.WouldCopy, "image"), (row.Status, row.TrustBasis));
        world.AssertUntouched();
    }

    [Fact]
    public async Task Nobody_is_asked_about_what_is_refused()
    {
        await using var world = await TrustWorld.StartAsync();
        var outcome = Assert.Single(await Run.SyncAsync(
            world.Request(world.Signed), world.Options, confirm: _ => throw new InvalidOperationException("asked")));
        Assert.Equal("OciSignatureMissing", outcome.Row.ErrorId);
    }

    [Fact]
    public async Task Nothing_is_made_of_what_is_refused()
    {
        await using var world = await TrustWorld.StartAsync();
        var conversion = new ConversionOptions { Compression = Core.Conversion.LayerCompression.Zstd };
        var row = await world.RunAsync(world.Request(world.Signed) with { Conversion = conversion });
        Assert.Equal("OciSignatureMissing", row.ErrorId);
        Assert.Equal(0, world.Source.Requests.Count("GET", "/blobs/"));

        await world.SignAsync(TrustWorld.Image.Root);
        row = await world.RunAsync(world.Request(world.Signed with { RemoveSignatures = true }) with { Conversion = conversion });
        Assert.Equal((SyncStatus.Copied, "image"), (row.Status, row.TrustBasis));
    }

    [Fact]
    public async Task Pairs_of_one_source_have_each_its_own_policy()
    {
        await using var world = await TrustWorld.StartAsync();
        await using var other = await EmbeddedRegistry.StartAsync();
        var request = Run.Request([world.App], world.Destination.Address, other.Address);
        var signed = world.Signed;
        var rows = await Run.SyncAsync(
            request with { Pairs = [request.Pairs[0] with { Trust = signed }, request.Pairs[1]] }, world.Options);
        Assert.Equal([SyncStatus.Copied, SyncStatus.Failed], rows.Statuses());
        world.AssertUntouched();
        Assert.NotNull(other.DigestOf("app", "1"));
    }

    [Theory]
    [InlineData(503, "OciServerError")]
    [InlineData(403, "OciForbidden")]
    public async Task A_store_that_does_not_answer_is_not_taken_for_one_without_signatures(int status, string id)
    {
        await using var world = await TrustWorld.StartAsync();
        await world.SignAsync(TrustWorld.Image.Root);
        world.Source.Faults.Add(null, TrustWorld.TagOf(TrustWorld.Image.Root), FaultAction.Respond(status), times: 100);
        var row = await world.CopyAsync(world.Signed);
        Assert.Equal((SyncStatus.Failed, id), (row.Status, row.ErrorId));
        world.AssertUntouched();
    }

    [Fact]
    public async Task A_signature_under_another_name_gives_the_lines_that_let_the_image_in()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.SignAsync(TrustWorld.Image.Root, "quay.test/vendor/app:1");
        var row = await world.CopyAsync(world.Policy("""[{"type": "sigstoreSigned", "keyPath": "key.pub"}]"""));
        Assert.Equal("OciSignatureRejected", row.ErrorId);
        var line = $$"""{ "type": "remapIdentity", "prefix": "{{world.Source.Address}}", "signedPrefix": "quay.test/vendor" }""";
        Assert.Contains(line, row.Error, StringComparison.Ordinal);

        var mended = world.Policy($$"""[{"type": "sigstoreSigned", "keyPath": "key.pub", "signedIdentity": {{line}}}]""");
        Assert.Equal(SyncStatus.Copied, (await world.CopyAsync(mended)).Status);
    }

    [Fact]
    public async Task A_name_that_stands_for_another_registry_is_judged_as_it_was_typed()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.SignAsync(TrustWorld.Image.Root, "quay.test/team/app:1");
        File.WriteAllText(
            world.Folder["r.conf"], $"[[registry]]\nprefix = 'quay.test/team'\nlocation = '{world.Source.Address}'\ninsecure = true\n");
        File.WriteAllText(
            world.Folder["policy.json"],
            """{"default": [{"type": "reject"}], "transports": {"docker": {"quay.test/team": [{"type": "sigstoreSigned", "keyPath": "key.pub"}]}}}""");
        var trust = new TrustOptions { Policy = Core.Signing.OciPolicy.Open(world.Folder["policy.json"]) };
        var row = await Run.OneAsync(
            Run.Request(["quay.test/team/app:1"], world.Destination.Address) with { Trust = trust },
            world.Options with { RegistriesConfigPath = world.Folder["r.conf"] });
        Assert.Equal((SyncStatus.Copied, null), (row.Status, row.Error));
    }

    // A tag's signatures are one manifest and its texts: so many reads a signed image costs, and the keys are read once.
    [Fact]
    public async Task Two_hundred_signed_tags_cost_two_reads_each()
    {
        await using var world = await TrustWorld.StartAsync();
        var images = ImageFactory.Family(200, sharedSize: 2_000);
        var sources = new List<string>();
        for (var i = 0; i < images.Count; i++)
        {
            await world.Source.AddAsync("app", images[i], $"v{i}");
            await world.SignAsync(images[i].Root);
            sources.Add($"{world.Source.Address}/app:v{i}");
        }

        await using var other = await EmbeddedRegistry.StartAsync();
        world.Source.Requests.Clear();
        Assert.All(await Run.SyncAsync(Run.Request(sources, other.Address), world.Unsaid), o => Assert.Equal(SyncStatus.Copied, o.Row.Status));
        var (all, blobs) = (world.Source.Requests.Count(), world.Source.Requests.Count("GET", "/blobs/"));
        world.Source.Requests.Clear();

        var rows = await Run.SyncAsync(Run.Request(sources, world.Destination.Address) with { Trust = world.Signed }, world.Options);

        Assert.All(rows, o => Assert.Equal((SyncStatus.Copied, "image"), (o.Row.Status, o.Row.TrustBasis)));
        Assert.Equal(200, world.Source.Requests.Count("GET", ".sig"));

        // One more tells whether there are bundles that should travel too.
        Assert.Equal(200, world.Source.Requests.Count("GET", "/referrers/"));
        Assert.Equal((all + 600, blobs + 200), (world.Source.Requests.Count(), world.Source.Requests.Count("GET", "/blobs/")));
    }
}
