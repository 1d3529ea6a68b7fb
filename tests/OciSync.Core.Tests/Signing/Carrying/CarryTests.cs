using OciSync.Core.Flow;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Sigstore;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Images;

namespace OciSync.Core.Tests.Signing.Carrying;

/// <summary>Signatures travel with images, to where the destination has a place for them.</summary>
public sealed class CarryTests
{
    private static readonly string[] Lookaside = ["lookaside: FOLDERsource"];
    private static readonly string[] Staging = ["lookaside-staging: FOLDERstaging"];
    private static readonly string[] Attachments = [CarryWorld.Attachments];

    [Fact]
    public async Task From_a_lookaside_to_the_staging_folder_of_the_destination_beside_those_that_are_there()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Lookaside, Staging);
        var digest = CarryWorld.Image.Digest;
        world.PutOpenPgp("source", "app", digest, 1, 11);
        world.PutOpenPgp("staging", "mirror/app", digest, 1, 99);

        var row = await world.CopyAsync();

        Assert.Equal((SyncStatus.Copied, 1, null), (row.Status, row.SignaturesCopied, row.Reason));
        Assert.Equal("1:99,2:11", world.OpenPgpOf("staging", "mirror/app", digest));
        Assert.Equal((SyncStatus.UpToDate, 0), await StatusAsync(world));

        world.PutOpenPgp("source", "app", digest, 2, 12);
        row = await world.CopyAsync();
        Assert.Equal((SyncStatus.Updated, 1, "1 of its signatures was missing"), (row.Status, row.SignaturesCopied, row.Reason));
        Assert.Equal("1:99,2:11,3:12", world.OpenPgpOf("staging", "mirror/app", digest));
    }

    [Fact]
    public async Task What_is_published_from_the_staging_folder_already_is_not_staged_again()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Lookaside, [.. Staging, "lookaside: FOLDERpublished"]);
        world.PutOpenPgp("source", "app", CarryWorld.Image.Digest, 1, 11);
        world.PutOpenPgp("source", "app", CarryWorld.Image.Digest, 2, 12);
        world.PutOpenPgp("published", "mirror/app", CarryWorld.Image.Digest, 1, 11);
        Assert.Equal(1, (await world.CopyAsync()).SignaturesCopied);
        Assert.Equal("2:12", world.OpenPgpOf("staging", "mirror/app", CarryWorld.Image.Digest));
        Assert.Equal((SyncStatus.UpToDate, 0), await StatusAsync(world));
    }

    [Fact]
    public async Task Attachments_of_an_index_and_of_its_platforms_beside_those_that_are_there()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Index, Attachments, Attachments);
        var (index, platform) = (CarryWorld.Index.Digest, CarryWorld.Index.Manifests[0].Digest);
        await world.AttachAsync(world.From, index);
        await world.AttachAsync(world.From, platform);
        await world.Destination.AddAsync("mirror/app", CarryWorld.Index, "other");
        var own = PrivateKey.Create();
        await world.AttachAsync(world.To, platform, own);

        var row = await world.CopyAsync();

        Assert.Equal((SyncStatus.Copied, 2, null), (row.Status, row.SignaturesCopied, row.Reason));
        Assert.Null(Check(Assert.Single(await world.AttachedAsync(world.To, index)), CarryWorld.Key));
        var both = await world.AttachedAsync(world.To, platform);
        Assert.Equal(2, both.Count);
        Assert.Null(Check(both[0], own));
        Assert.Null(Check(both[1], CarryWorld.Key));
        Assert.Equal((SyncStatus.UpToDate, 0), await StatusAsync(world));
    }

    [Fact]
    public async Task An_image_that_is_up_to_date_costs_a_question_a_manifest_on_each_side()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Index, Attachments, Attachments);
        await world.AttachAsync(world.From, CarryWorld.Index.Digest);
        await world.CopyAsync();
        world.Source.Requests.Clear();
        world.Destination.Requests.Clear();

        Assert.Equal((SyncStatus.UpToDate, 0), await StatusAsync(world));

        // Of three manifests one is signed; which ones there are is read where it is no pull.
        Assert.Equal(3, world.Source.Requests.Count("GET", ".sig"));
        Assert.Equal(0, world.Source.Requests.Count("GET", "/blobs/"));
        Assert.Equal(1, world.Destination.Requests.Count("GET", ".sig"));
        Assert.Equal(2, world.Destination.Requests.Count("GET", "/manifests/"));
        Assert.Equal(0, world.Destination.Requests.Count("PUT"));
    }

    [Fact]
    public async Task Where_no_store_is_named_nothing_is_asked()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, [], []);
        await world.AttachAsync(world.From, CarryWorld.Image.Digest);
        world.Source.Requests.Clear();
        world.Destination.Requests.Clear();
        var row = await world.CopyAsync();
        Assert.Equal((SyncStatus.Copied, 0, null), (row.Status, row.SignaturesCopied, row.Reason));
        var (source, destination) = (Count(world.Source), Count(world.Destination));

        // The same image by another name, and whoever removes signatures asks for none either.
        world.Say(Attachments, Attachments);
        Assert.Equal(SyncStatus.Copied, (await world.CopyAsync(world.From, $"{world.Destination.Address}/other/app:1", CarryWorld.Removing)).Status);
        Assert.Equal((0, 0), (world.Source.Requests.Count("GET", ".sig"), world.Destination.Requests.Count("GET", ".sig")));
        Assert.DoesNotContain(world.Destination.TagsOf("mirror/app").Concat(world.Destination.TagsOf("other/app")), t => t != "1");
        Assert.True(source > 0 && destination > 0);
    }

    [Theory]
    [InlineData("oci:FOLDER/layout:team/app:1")]
    [InlineData("oci:FOLDER/layout:app")]
    [InlineData("oci-archive:FOLDER/app.tar:app")]
    [InlineData("dir:FOLDER/app")]
    public async Task Attachments_through_folders_and_archives_to_another_registry(string place)
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Index, Attachments, Attachments);
        place = place.Replace("FOLDER", world.Folder["."].TrimEnd('.', '/'), StringComparison.Ordinal);
        var (index, platform) = (CarryWorld.Index.Digest, CarryWorld.Index.Manifests[1].Digest);
        await world.AttachAsync(world.From, index);
        await world.AttachAsync(world.From, platform);
        await world.AttachAsync(world.From, platform, PrivateKey.Create());

        Assert.Equal(3, (await world.SucceedAsync(world.From, place)).SignaturesCopied);
        var row = await world.SucceedAsync(place, world.To);

        Assert.Equal((SyncStatus.Copied, 3, null), (row.Status, row.SignaturesCopied, row.Reason));
        Assert.Null(Check(Assert.Single(await world.AttachedAsync(world.To, index)), CarryWorld.Key));
        Assert.Equal(2, (await world.AttachedAsync(world.To, platform)).Count);
        Assert.Equal((SyncStatus.UpToDate, 0), await StatusAsync(world, place));
        Assert.Equal(3, (await world.AttachedAsync(place, platform)).Count + (await world.AttachedAsync(place, index)).Count);
    }

    [Fact]
    public async Task OpenPgp_through_a_folder_of_one_image_and_back()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Index, Lookaside, Staging);
        var (index, platform, place) = (CarryWorld.Index.Digest, CarryWorld.Index.Manifests[1].Digest, $"dir:{world.Folder["app"]}");
        world.PutOpenPgp("source", "app", index, 1, 11);
        world.PutOpenPgp("source", "app", platform, 1, 12);
        world.PutOpenPgp("source", "app", platform, 2, 13);

        Assert.Equal(3, (await world.SucceedAsync(world.From, place)).SignaturesCopied);
        Assert.Equal(
            [$"{platform[7..]}.signature-1", $"{platform[7..]}.signature-2", "signature-1"],
            Directory.GetFiles(world.Folder["app"], "*signature-*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(SyncStatus.UpToDate, (await world.SucceedAsync(world.From, place)).Status);
        Assert.Equal(3, (await world.SucceedAsync(place, world.To)).SignaturesCopied);
        Assert.Equal("1:11", world.OpenPgpOf("staging", "mirror/app", index));
        Assert.Equal("1:12,2:13", world.OpenPgpOf("staging", "mirror/app", platform));
        Assert.Equal((SyncStatus.UpToDate, 0), await StatusAsync(world, place));
    }

    [Fact]
    public async Task A_plan_says_what_would_come_and_writes_nothing()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, [.. Attachments, .. Lookaside], [.. Attachments, .. Staging]);
        await world.AttachAsync(world.From, CarryWorld.Image.Digest);
        world.PutOpenPgp("source", "app", CarryWorld.Image.Digest, 1, 11);
        var row = await world.CopyAsync(r => r with { IsReadOnly = true });
        Assert.Equal((SyncStatus.WouldCopy, 2, null), (row.Status, row.SignaturesCopied, row.Error));
        world.AssertUntouched();
        Assert.Empty(world.OpenPgpOf("staging", "mirror/app", CarryWorld.Image.Digest));

        await world.Destination.AddAsync("mirror/app", CarryWorld.Image, "1");
        row = await world.CopyAsync(r => r with { IsReadOnly = true });
        Assert.Equal((SyncStatus.WouldUpdate, 2, "2 of its signatures were missing"), (row.Status, row.SignaturesCopied, row.Reason));
        var asked = new List<OciSyncResult>();
        var declined = Assert.Single(await Run.SyncAsync(
            Carry.Request(world.From, world.To), world.Options, confirm: r => Task.FromResult(asked.Count < 0 || Add(asked, r)))).Row;
        Assert.Equal((SyncStatus.Skipped, SyncStatus.WouldUpdate), (declined.Status, Assert.Single(asked).Status));
        Assert.Empty(await world.AttachedAsync(world.To, CarryWorld.Image.Digest));
    }

    private static bool Add(List<OciSyncResult> asked, OciSyncResult row)
    {
        asked.Add(row);
        return false;
    }

    private static int Count(Testing.Registry.EmbeddedRegistry registry) => registry.Requests.Count("GET") + registry.Requests.Count("HEAD");

    private static string? Check(FoundSignature signature, PrivateKey key) => SigstoreVerifier.Check(
        signature, new SigstoreTrust { Keys = [CarryWorld.Pem(key)] }, DateTimeOffset.UnixEpoch.AddYears(56)).Refusal;

    private static async Task<(string, int)> StatusAsync(CarryWorld world, string? from = null)
    {
        var row = await world.SucceedAsync(from ?? world.From, world.To);
        return (row.Status, row.SignaturesCopied);
    }
}
