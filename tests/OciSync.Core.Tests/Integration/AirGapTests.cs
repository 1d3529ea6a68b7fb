using OciSync.Core.Rows;
using OciSync.Core.Tests.Signing.Stores;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>Signatures of the real tools go over an air gap to a registry of another name, and hold there with nobody to ask.</summary>
public sealed class AirGapTests
{
    private const string Rejected = "rejected";

    [Theory]
    [InlineData("oci:FOLDER/layout:team/app:1.0")]
    [InlineData("oci-archive:FOLDER/app.tar:app")]
    [InlineData("dir:FOLDER/app")]
    public async Task Attachments_bundle_and_openpgp_hold_behind_it(string place)
    {
        Assert.SkipWhen(AirGapWorld.WhyMissing is not null, AirGapWorld.WhyMissing ?? string.Empty);
        await using var world = await AirGapWorld.StartAsync();
        place = place.Replace("FOLDER", world.Folder.Path, StringComparison.Ordinal);
        var isDir = place.StartsWith("dir:", StringComparison.Ordinal);

        // A folder of one image has no referrers; a layout has no place for OpenPGP, and says so.
        var row = await world.CopyAsync("outside", world.From, place);
        Assert.Equal(isDir ? (0, 9) : (1, 6), (row.ReferrersCopied, row.SignaturesCopied));
        Assert.StartsWith(isDir ? "1 sigstore bundle stays behind: " : "3 OpenPGP signatures stay behind: ", row.Reason, StringComparison.Ordinal);
        await world.CutAsync();
        row = await world.CopyAsync("inside", place, world.To);
        Assert.Equal(isDir ? (0, 9) : (1, 6), (row.ReferrersCopied, row.SignaturesCopied));
        Assert.Equal(SyncStatus.UpToDate, (await world.CopyAsync("inside", place, world.To)).Status);

        await HoldAsync(world, "sigstoreSigned", "skopeo.pub", world.Remap, Debian13.Skopeo);
        await HoldAsync(world, "sigstoreSigned", "cosign.pub", world.Repository, Debian13.Skopeo);
        Assert.Null(await world.AskCosignAsync(world.To));
        Assert.NotNull(await world.AskCosignAsync(world.To, "bundle.pub"));
        if (isDir)
        {
            await HoldAsync(world, "signedBy", "anna.gpg", world.Remap, "skopeo");
            await HoldAsync(world, "signedBy", "anna.gpg", world.Remap, Debian13.Skopeo);
        }
        else
        {
            Assert.Equal(1, await world.CountBundlesAsync(world.To));
        }
    }

    // Its layout names its entries by kinds alone: an index, and the list of the index's own signatures. It leaves those of the platforms behind.
    [Fact]
    public async Task What_cosign_saves_holds_behind_it()
    {
        Assert.SkipWhen(AirGapWorld.WhyMissing is not null, AirGapWorld.WhyMissing ?? string.Empty);
        await using var world = await AirGapWorld.StartAsync();
        Assert.Equal(0, (await world.CosignAsync("save", "--dir", world.Folder["saved"], "--allow-http-registry", world.From)).ExitCode);
        await world.CutAsync();

        var row = await world.CopyAsync("inside", $"oci:{world.Folder["saved"]}", world.To);

        Assert.True(row.Status == SyncStatus.Copied, row.Error);
        Assert.Equal(2, row.SignaturesCopied);
        Assert.Null(await world.AskCosignAsync(world.To));
        Assert.NotNull(await world.AskCosignAsync(world.To, "bundle.pub"));
    }

    [Fact]
    public async Task A_mirror_has_a_lookaside_of_its_own_which_skopeo_reads_from_a_server()
    {
        Assert.SkipWhen(AirGapWorld.WhyMissing is not null, AirGapWorld.WhyMissing ?? string.Empty);
        await using var world = await AirGapWorld.StartAsync();
        world.Say("outside", $"lookaside: {world.UriOf("vendor")}", $"lookaside-staging: {world.UriOf("staging")}");
        var anna = world.Policy("anna.json", "signedBy", "anna.gpg", world.Remap);
        Assert.Equal(3, (await world.CopyAsync("outside", world.From, world.To)).SignaturesCopied);

        // What was staged is what the server of the mirror shows.
        await using var server = StoreRun.Serve((path, _) =>
            world.Folder["staging"] + Uri.UnescapeDataString(path) is var file && File.Exists(file) ? StoreRun.Ok(File.ReadAllBytes(file)) : null);
        world.Say("clients", $"lookaside: http://{server.Address}");
        Assert.Null(await world.AskSkopeoAsync("skopeo", anna, "clients"));
        Assert.Null(await world.AskSkopeoAsync(Debian13.Skopeo, anna, "clients"));
        Assert.Contains(Rejected, await world.AskSkopeoAsync("skopeo", anna, "outside"), StringComparison.Ordinal);

        // A second signer comes later; both are there after the next run.
        await world.SignAgainAsync();
        var ben = world.Policy("ben.json", "signedBy", "ben.gpg", world.Remap);
        Assert.Contains(Rejected, await world.AskSkopeoAsync("skopeo", ben, "clients"), StringComparison.Ordinal);
        var row = await world.CopyAsync("outside", world.From, world.To);
        Assert.Equal((SyncStatus.Updated, 3), (row.Status, row.SignaturesCopied));
        Assert.Null(await world.AskSkopeoAsync("skopeo", ben, "clients"));
        Assert.Null(await world.AskSkopeoAsync("skopeo", anna, "clients"));
        Assert.Equal(SyncStatus.UpToDate, (await world.CopyAsync("outside", world.From, world.To)).Status);
    }

    [Fact]
    public async Task Cosign_finds_signatures_where_they_were_asked_for_and_only_there()
    {
        Assert.SkipWhen(AirGapWorld.WhyMissing is not null, AirGapWorld.WhyMissing ?? string.Empty);
        await using var world = await AirGapWorld.StartAsync();
        world.Say("nothing", "lookaside: file:///nowhere");
        foreach (var (repository, side, withReferrers, holds) in new[]
        {
            ("plain", "nothing", false, false), ("referrers", "nothing", true, true), ("places", "inside", false, true),
        })
        {
            var to = $"{world.Inside.Address}/{repository}/app:1.0";
            await world.CopyAsync(side, world.From, to, r => r with { IncludeReferrer = withReferrers });
            Assert.Equal((repository, holds), (repository, await world.AskCosignAsync(to) is null));
            Assert.Equal(holds ? 1 : 0, await world.CountBundlesAsync(to));
        }
    }

    // Under the vendor's name with the right key; without the other name, or with another key, it is refused: by us and by the judge.
    private static async Task HoldAsync(AirGapWorld world, string type, string key, string identity, string judge)
    {
        var good = world.Policy("good.json", type, key, identity);
        Assert.Null(await world.AskUsAsync(good));
        Assert.Null(await world.AskSkopeoAsync(judge, good));
        var other = type == "signedBy" ? "clara.gpg" : "bundle.pub";
        foreach (var bad in new[]
        {
            world.Policy("name.json", type, key, """{"type": "matchRepoDigestOrExact"}"""),
            world.Policy("key.json", type, other, identity),
        })
        {
            Assert.Equal("OciSignatureRejected", await world.AskUsAsync(bad));
            Assert.Contains(Rejected, await world.AskSkopeoAsync(judge, bad), StringComparison.Ordinal);
        }
    }
}
