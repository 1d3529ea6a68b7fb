using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Signing.Sigstore;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Signing.Carrying;

/// <summary>Signatures that are referrers travel as others do: sigstore's bundles, the Notary Project's, attachments that cosign 2 made so.</summary>
public sealed class CarryBundleTests
{
    private const string Bundle = "sigstore bundle";
    private static readonly string[] Attachments = [CarryWorld.Attachments];

    [Theory]
    [InlineData("oci:FOLDER/layout:team/app:1")]
    [InlineData("oci-archive:FOLDER/app.tar:app")]
    public async Task Through_folders_and_archives_to_another_registry(string place)
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Index, Attachments, Attachments);
        place = place.Replace("FOLDER", world.Folder["."].TrimEnd('.', '/'), StringComparison.Ordinal);
        var (index, platform) = (CarryWorld.Index.Digest, CarryWorld.Index.Manifests[1].Digest);
        await world.AttachAsync(world.From, index);
        await world.BundleAsync(world.From, index);
        await world.BundleAsync(world.From, platform);
        var notary = ImageFactory.Artifact(ReferrerTypes.NotaryJws, "{}", CarryWorld.Index.Root);
        await world.Source.AddAsync("app", notary);
        await world.Source.AddAsync("app", ImageFactory.Artifact("application/spdx+json", "{}", CarryWorld.Index.Root));

        var row = await world.SucceedAsync(world.From, place);
        Assert.Equal((3, 1, "1 referrer stays behind (-IncludeReferrer)"), (row.ReferrersCopied, row.SignaturesCopied, row.Reason));
        row = await world.SucceedAsync(place, world.To);

        Assert.Equal((SyncStatus.Copied, 3, 1, null), (row.Status, row.ReferrersCopied, row.SignaturesCopied, row.Reason));

        // The Notary Project's is among those of the index.
        Assert.Equal((2, 1), (await world.BundlesAsync(world.To, index), await world.BundlesAsync(world.To, platform)));
        Assert.True(world.Destination.HasManifest("mirror/app", notary.Digest));
        Assert.Equal(SyncStatus.UpToDate, (await world.SucceedAsync(place, world.To)).Status);
        if (place.StartsWith("oci:", StringComparison.Ordinal))
        {
            // An archive is written in one go.
            Assert.Equal(SyncStatus.UpToDate, (await world.SucceedAsync(world.From, place)).Status);
        }
    }

    [Fact]
    public async Task One_that_comes_later_is_brought_to_an_image_that_is_up_to_date()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Index, Attachments, Attachments);
        await world.CopyAsync();
        await world.BundleAsync(world.From, CarryWorld.Index.Manifests[0].Digest);
        var plan = await world.CopyAsync(r => r with { IsReadOnly = true });
        Assert.Equal((SyncStatus.WouldUpdate, 1), (plan.Status, plan.ReferrersCopied));
        world.Source.Requests.Clear();
        world.Destination.Requests.Clear();

        var row = await world.CopyAsync();

        Assert.Equal((SyncStatus.Updated, 1, "1 of its referrers was missing"), (row.Status, row.ReferrersCopied, row.Reason));

        // A question for each of three manifests, and one more at the destination for the one that is signed.
        Assert.Equal(3, world.Source.Requests.Count("GET", "/referrers/"));
        Assert.Equal(1, world.Destination.Requests.Count("GET", "/referrers/"));
        Assert.Equal(1, await world.BundlesAsync(world.To, CarryWorld.Index.Manifests[0].Digest));
        Assert.Equal(SyncStatus.UpToDate, (await world.CopyAsync()).Status);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_registry_is_asked_where_registries_d_says_that_signatures_are_read(bool isSaid, bool isRemoved)
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Index, isSaid || isRemoved ? Attachments : [], Attachments);
        await world.BundleAsync(world.From, CarryWorld.Index.Digest);
        world.Source.Requests.Clear();

        var row = isRemoved ? await world.CopyAsync(CarryWorld.Removing) : await world.CopyAsync();

        Assert.Equal((SyncStatus.Copied, isSaid ? 1 : 0, null), (row.Status, row.ReferrersCopied, row.Reason));
        Assert.Equal(isSaid ? 1 : 0, await world.BundlesAsync(world.To, CarryWorld.Index.Digest));
        Assert.Equal(isSaid ? 3 : 0, world.Source.Requests.Count("GET", "/referrers/"));
    }

    [Theory]
    [InlineData("REGISTRY", "registries.d has no use-sigstore-attachments for 'REGISTRY' (-IncludeReferrer brings them all the same)")]
    [InlineData("dir:FOLDER/app", "'dir:FOLDER/app' has no place for referrers (an OCI layout has)")]
    public async Task What_has_no_place_is_told_and_is_an_error_where_signatures_are_required(string to, string why)
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, []);
        (to, why) = (Place(to), Place(why));
        await world.AttachAsync(world.From, CarryWorld.Image.Digest);
        await world.BundleAsync(world.From, CarryWorld.Image.Digest);
        File.WriteAllBytes(world.Folder["key.pub"], CarryWorld.Pem(CarryWorld.Key));
        File.WriteAllText(
            world.Folder["signed.json"],
            """{"default": [{"type": "sigstoreSigned", "keyPath": "key.pub", "signedIdentity": {"type": "matchRepository"}}]}""");
        var trust = new TrustOptions { Policy = OciPolicy.Open(world.Folder["signed.json"]) };

        var row = await world.CopyAsync(world.From, to, r => r with { Trust = trust with { Demand = SignatureDemand.Require } });
        Assert.Equal("OciSignatureLost", row.ErrorId);
        Assert.Contains($"1 {Bundle} stays behind: {why}", row.Error, StringComparison.Ordinal);

        row = await world.SucceedAsync(world.From, to);
        Assert.Equal((SyncStatus.Copied, 0), (row.Status, row.ReferrersCopied));
        Assert.EndsWith($"1 {Bundle} stays behind: {why}", row.Reason, StringComparison.Ordinal);

        string Place(string text) => text
            .Replace("REGISTRY", text == "REGISTRY" ? world.To : $"{world.Destination.Address}/mirror/app", StringComparison.Ordinal)
            .Replace("FOLDER", world.Folder["."].TrimEnd('.', '/'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_an_image_that_changes_is_lost_on_request_alone()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Index, Attachments, Attachments);
        await world.BundleAsync(world.From, CarryWorld.Index.Digest);
        SyncRequest Part(SyncRequest request) => request with { Selection = Run.Only("linux/amd64") };

        var row = await world.CopyAsync(Part);
        Assert.Equal("OciSignatureLost", row.ErrorId);
        Assert.Contains($"would lose 1 {Bundle},", row.Error, StringComparison.Ordinal);
        world.AssertUntouched();
        Assert.Equal("OciSignatureLost", (await world.CopyAsync(r => Part(r) with { IncludeReferrer = true })).ErrorId);
        row = await world.SucceedAsync(world.From, world.To, r => CarryWorld.Removing(Part(r)));
        Assert.Equal((SyncStatus.Copied, 0), (row.Status, row.ReferrersCopied));
    }

    [Fact]
    public async Task Of_two_signers_both_are_there()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, Attachments);
        await world.BundleAsync(world.From, CarryWorld.Image.Digest);
        await world.Destination.AddAsync("mirror/app", CarryWorld.Image, "other");
        await world.BundleAsync(world.To, CarryWorld.Image.Digest, Core.Signing.Cryptography.PrivateKey.Create());
        Assert.Equal(1, (await world.CopyAsync()).ReferrersCopied);
        Assert.Equal(2, await world.BundlesAsync(world.To, CarryWorld.Image.Digest));
    }

    [Fact]
    public async Task A_list_that_can_not_be_had_is_no_reason_to_lose_them()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, Attachments);
        await world.BundleAsync(world.From, CarryWorld.Image.Digest);
        world.Source.Faults.Add("GET", "/referrers/", FaultAction.Respond(403, "DENIED"), times: 100);
        world.Source.Faults.Add(new Fault
        {
            Method = "GET",
            Times = 100,
            Predicate = r => r.Path.Value!.EndsWith(CarryWorld.Image.Digest.Replace(':', '-'), StringComparison.Ordinal),
            Action = FaultAction.Respond(403, "DENIED"),
        });
        var row = await world.CopyAsync();
        Assert.Equal((SyncStatus.Failed, "OciForbidden"), (row.Status, row.ErrorId));
        Assert.Contains("-RemoveSignature", row.Error, StringComparison.Ordinal);
        world.AssertUntouched();
    }

    // It may be a signature: what can't be had for now is not lost without a word.
    [Fact]
    public async Task An_entry_that_can_not_be_had_for_now_is_a_failure()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, Attachments);
        await world.BundleAsync(world.From, CarryWorld.Image.Digest);
        world.Source.Faults.Add(new Fault
        {
            Method = "GET",
            Times = 100,
            Predicate = r => r.Path.Value!.Contains("/manifests/sha256:", StringComparison.Ordinal)
                && !r.Path.Value.EndsWith(CarryWorld.Image.Digest, StringComparison.Ordinal),
            Action = FaultAction.Respond(503, "UNAVAILABLE"),
        });
        var row = await world.CopyAsync();
        Assert.Equal((SyncStatus.Failed, "OciServerError"), (row.Status, row.ErrorId));
        Assert.Contains("-RemoveSignature", row.Error, StringComparison.Ordinal);
        world.AssertUntouched();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task They_come_from_a_mirror_whose_registry_is_out_of_reach(bool hasBundle)
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, [], []);
        await world.AttachAsync(world.From, CarryWorld.Image.Digest);
        await (hasBundle ? world.BundleAsync(world.From, CarryWorld.Image.Digest) : Task.CompletedTask);
        File.WriteAllText(world.Folder["registries.d/all.yaml"], "default-docker:\n  use-sigstore-attachments: true\n");
        File.WriteAllText(
            world.Folder["r.conf"],
            $"[[registry]]\nprefix = \"origin.test\"\nlocation = \"127.0.0.1:1\"\n[[registry.mirror]]\nlocation = \"{world.Source.Address}\"\n");
        var row = await Run.OneAsync(
            Transports.Carry.Request("origin.test/app:1", world.To),
            world.Options with { RegistriesConfigPath = world.Folder["r.conf"], MaximumRetryCount = 0 });
        Assert.Equal((SyncStatus.Copied, 1, hasBundle ? 1 : 0, null), (row.Status, row.SignaturesCopied, row.ReferrersCopied, row.Error));
    }

    // One entry of a sync file brings all that speaks of an image, and another its signatures alone.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rows_of_one_image_do_not_take_each_others_referrers_for_brought(bool allFirst)
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, Attachments);
        await world.BundleAsync(world.From, CarryWorld.Image.Digest);
        var sbom = ImageFactory.Artifact("application/spdx+json", "{}", CarryWorld.Image.Root);
        await world.Source.AddAsync("app", sbom);
        var pairs = new[] { allFirst, !allFirst }.Select((all, i) =>
            Transports.Carry.Request(world.From, $"{world.Destination.Address}/mirror/app:{i}").Pairs[0] with { IncludeReferrer = all });
        var rows = await Run.SyncAsync(new SyncRequest { Pairs = [.. pairs] }, world.Options with { ThrottleLimit = 1 });
        Assert.All(rows, r => Assert.Equal(SyncStatus.Copied, r.Row.Status));
        Assert.True(world.Destination.HasManifest("mirror/app", sbom.Digest));
        Assert.Equal(1, await world.BundlesAsync(world.To, CarryWorld.Image.Digest));
    }

    [Fact]
    public async Task An_entry_that_can_not_be_read_is_no_signature_and_counts_among_what_stays_behind()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, Attachments);
        var sbom = ImageFactory.Artifact("application/spdx+json", "{}", CarryWorld.Image.Root);
        await world.Source.AddAsync("app", sbom);
        world.Source.Faults.Add("GET", "/manifests/" + sbom.Digest, FaultAction.Respond(404, "MANIFEST_UNKNOWN"), times: 100);
        var row = await world.SucceedAsync(world.From, world.To);
        Assert.Equal((SyncStatus.Copied, 0, "1 referrer stays behind (-IncludeReferrer)"), (row.Status, row.ReferrersCopied, row.Reason));
    }

    [Fact]
    public async Task With_all_referrers_they_come_once()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, Attachments);
        await world.AttachAsync(world.From, CarryWorld.Image.Digest);
        await world.BundleAsync(world.From, CarryWorld.Image.Digest);
        var place = $"oci:{world.Folder["layout"]}:app";

        var row = await world.SucceedAsync(world.From, place, r => r with { IncludeReferrer = true });
        Assert.Equal((2, 0), (row.ReferrersCopied, row.SignaturesCopied));
        row = await world.SucceedAsync(place, world.To);
        Assert.Equal((1, 1, null), (row.ReferrersCopied, row.SignaturesCopied, row.Reason));
        row = await world.SucceedAsync(place, world.To, r => r with { IncludeReferrer = true });
        Assert.Equal(SyncStatus.UpToDate, row.Status);
        Assert.Single(await world.AttachedAsync(world.To, CarryWorld.Image.Digest));
        Assert.Equal(1, await world.BundlesAsync(world.To, CarryWorld.Image.Digest));
    }

    [Fact]
    public async Task Removed_signatures_are_left_and_what_is_no_signature_still_comes_along()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, Attachments);
        await world.AttachAsync(world.From, CarryWorld.Image.Digest);
        await world.BundleAsync(world.From, CarryWorld.Image.Digest);

        // As cosign 2 does with --registry-referrers-mode=oci-1-1.
        await world.Source.AddAsync("app", ImageFactory.Artifact(SigstoreAnnotations.PayloadType, "{}", CarryWorld.Image.Root));
        var sbom = ImageFactory.Cosign("sbom");
        await world.Source.AddAsync("app", sbom, CarryWorld.Image.Digest.Replace(':', '-') + ".sbom");

        var row = await world.CopyAsync(r => CarryWorld.Removing(r) with { IncludeReferrer = true });

        Assert.Equal((SyncStatus.Copied, 1, 0, null), (row.Status, row.ReferrersCopied, row.SignaturesCopied, row.Reason));
        Assert.Empty(await world.AttachedAsync(world.To, CarryWorld.Image.Digest));
        Assert.Equal(0, await world.BundlesAsync(world.To, CarryWorld.Image.Digest));
        Assert.Contains(world.Destination.TagsOf("mirror/app"), t => t.EndsWith(".sbom", StringComparison.Ordinal));
    }
}
