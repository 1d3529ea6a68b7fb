using OciSync.Core.Conversion;
using OciSync.Core.Flow;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Signing.Stores;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Signing.Carrying;

/// <summary>Signatures are lost only when that was asked for, and what has no place is told.</summary>
public sealed class CarryLossTests
{
    private static readonly string[] Attachments = [CarryWorld.Attachments];

    public static TheoryData<string> Changes => ["format", "compression", "platforms", "attestation", "docker-archive"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task An_image_that_changes_is_refused_before_anything_is_sent_and_copied_without_signatures_on_request(string change)
    {
        await using var world = await CarryWorld.StartAsync(Testing.Images.ImageFactory.Create(new Testing.Images.ImageSpec
        {
            Platforms = [Testing.Images.TestPlatform.LinuxAmd64, Testing.Images.TestPlatform.LinuxArm64, Testing.Images.TestPlatform.LinuxArm7],
            Attestations = change == "attestation",
        }), Attachments, Attachments);
        await world.AttachAsync(world.From, world.Source.DigestOf("app", "1")!);
        var to = change == "docker-archive" ? $"docker-archive:{world.Folder["a.tar"]}:app:1" : world.To;

        var row = await world.CopyAsync(world.From, to, r => With(r, change));

        Assert.Equal((SyncStatus.Failed, "OciSignatureLost"), (row.Status, row.ErrorId));
        Assert.Contains("would lose 1 sigstore signature,", row.Error, StringComparison.Ordinal);
        Assert.Contains("-RemoveSignature", row.Error, StringComparison.Ordinal);
        Assert.Contains("-SigningKeyPath", row.Error, StringComparison.Ordinal);
        Assert.Equal(change is "platforms" or "attestation", row.Error!.Contains("-KeepIndex", StringComparison.Ordinal));
        world.AssertUntouched();
        Assert.False(File.Exists(world.Folder["a.tar"]));
        Assert.Equal("OciSignatureLost", (await world.CopyAsync(world.From, to, r => With(r, change) with { IsReadOnly = true })).ErrorId);

        row = await world.SucceedAsync(world.From, to, r => CarryWorld.Removing(With(r, change)));
        Assert.Equal((SyncStatus.Copied, 0), (row.Status, row.SignaturesCopied));
        Assert.DoesNotContain(world.Destination.TagsOf("mirror/app"), t => t != "1");
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task An_unsigned_image_changes_as_ever(string change)
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Index, Attachments, Attachments);
        var to = change == "docker-archive" ? $"docker-archive:{world.Folder["a.tar"]}:app:1" : world.To;
        var row = await world.SucceedAsync(world.From, to, r => With(r, change == "platforms" ? "platform" : change));
        Assert.Equal((SyncStatus.Copied, 0), (row.Status, row.SignaturesCopied));
    }

    [Fact]
    public async Task One_platform_that_is_signed_by_itself_stays_signed()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Index, Attachments, Attachments);
        var platform = CarryWorld.Index.For(Testing.Images.TestPlatform.LinuxAmd64).Digest;
        await world.AttachAsync(world.From, CarryWorld.Index.Digest);
        Assert.Equal("OciSignatureLost", (await world.CopyAsync(r => With(r, "platform"))).ErrorId);

        await world.AttachAsync(world.From, platform);
        var row = await world.CopyAsync(r => With(r, "platform"));

        Assert.Equal((SyncStatus.Copied, 1), (row.Status, row.SignaturesCopied));
        Assert.Contains("1 sigstore signature of other digests stay behind", row.Reason, StringComparison.Ordinal);
        Assert.Single(await world.AttachedAsync(world.To, platform));
        Assert.Equal(SyncStatus.UpToDate, (await world.CopyAsync(r => With(r, "platform"))).Status);
    }

    [Fact]
    public async Task With_its_own_index_a_part_keeps_all_signatures()
    {
        await using var world = await CarryWorld.StartAsync(
            CarryWorld.Index, Attachments, Attachments, new RegistryDialect { SparseIndexes = true });
        await world.AttachAsync(world.From, CarryWorld.Index.Digest);
        var row = await world.CopyAsync(r => r with { Selection = Run.Only("linux/amd64") with { KeepIndex = true } });
        Assert.Equal((SyncStatus.Copied, 1), (row.Status, row.SignaturesCopied));
        Assert.Single(await world.AttachedAsync(world.To, CarryWorld.Index.Digest));
    }

    [Fact]
    public async Task A_registry_that_takes_only_another_format_does_not_cost_signatures()
    {
        var dialect = new RegistryDialect { RefusedMediaTypes = ["application/vnd.oci.image.manifest.v1+json"] };
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, Attachments, dialect);
        await world.AttachAsync(world.From, CarryWorld.Image.Digest);
        Assert.Equal("OciSignatureLost", (await world.CopyAsync()).ErrorId);
        Assert.Empty(world.Destination.TagsOf("mirror/app"));
        Assert.Equal(SyncStatus.Copied, (await world.CopyAsync(CarryWorld.Removing)).Status);
    }

    [Theory]
    [InlineData("", "registries.d names no lookaside-staging for 'DEST/mirror/app'")]
    [InlineData("lookaside: https://sig.test", "', line 5 names a server for 'DEST/mirror/app', which is only read, and no lookaside-staging")]
    public async Task What_has_no_place_is_told_once_and_is_an_error_where_signatures_are_required(string setting, string why)
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, ["lookaside: FOLDERsource"], setting.Length == 0 ? [] : [setting]);
        world.PutOpenPgp("source", "app", CarryWorld.Image.Digest, 1, 11);
        world.PutOpenPgp("source", "app", CarryWorld.Image.Digest, 2, 12);
        why = why.Replace("DEST", world.Destination.Address, StringComparison.Ordinal);
        var told = new List<string>();

        var required = TrustOptions.Everything with { Demand = SignatureDemand.Require, Policy = Policy(world) };
        var row = await world.CopyAsync(r => r with { Trust = required });
        Assert.Equal("OciSignatureRejected", row.ErrorId);
        world.AssertUntouched();

        row = Assert.Single(await Run.SyncAsync(
            Carry.Request(world.From, world.To), world.Options, events: new EngineEvents { Warning = told.AddLocked })).Row;
        Assert.Equal((SyncStatus.Copied, 0), (row.Status, row.SignaturesCopied));
        Assert.StartsWith("2 OpenPGP signatures stay behind: ", row.Reason, StringComparison.Ordinal);
        Assert.EndsWith(why, row.Reason, StringComparison.Ordinal);
        Assert.Contains("1 image leaves signatures", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal(SyncStatus.UpToDate, (await world.CopyAsync()).Status);
        Assert.Null((await world.CopyAsync(world.From, world.To + "2", CarryWorld.Removing)).Reason);
    }

    [Fact]
    public async Task Required_signatures_that_have_no_place_are_an_error()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, []);
        await world.AttachAsync(world.From, CarryWorld.Image.Digest);
        File.WriteAllBytes(world.Folder["key.pub"], CarryWorld.Pem(CarryWorld.Key));
        File.WriteAllText(
            world.Folder["signed.json"],
            """{"default": [{"type": "sigstoreSigned", "keyPath": "key.pub", "signedIdentity": {"type": "matchRepository"}}]}""");
        var trust = new TrustOptions { Policy = OciPolicy.Open(world.Folder["signed.json"]) };
        var row = await world.CopyAsync(r => r with { Trust = trust with { Demand = SignatureDemand.Require } });
        Assert.Equal("OciSignatureLost", row.ErrorId);
        Assert.Contains("registries.d has no use-sigstore-attachments", row.Error, StringComparison.Ordinal);
        world.AssertUntouched();
        row = await world.CopyAsync(r => r with { Trust = trust });
        Assert.Equal(SyncStatus.Copied, row.Status);
        Assert.StartsWith("1 sigstore signature stays behind: ", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_does_not_answer_is_no_reason_to_lose_signatures()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, Attachments);
        world.Source.Faults.Add("GET", ".sig", FaultAction.Respond(403, "DENIED"), times: 100);
        var row = await world.CopyAsync();
        Assert.Equal((SyncStatus.Failed, "OciForbidden"), (row.Status, row.ErrorId));
        Assert.Contains("-RemoveSignature", row.Error, StringComparison.Ordinal);
        world.AssertUntouched();
        Assert.Equal(SyncStatus.Copied, (await world.CopyAsync(CarryWorld.Removing)).Status);
    }

    private static OciPolicy Policy(CarryWorld world)
    {
        File.WriteAllText(world.Folder["accept.json"], """{"default": [{"type": "insecureAcceptAnything"}]}""");
        return OciPolicy.Open(world.Folder["accept.json"]);
    }

    private static SyncRequest With(SyncRequest request, string change) => change switch
    {
        "format" => request with { Conversion = new ConversionOptions { Format = ImageFormat.Docker } },
        "compression" => request with { Conversion = new ConversionOptions { Compression = LayerCompression.Zstd } },
        "platform" => request with { Selection = Run.Only("linux/amd64") },
        "platforms" => request with { Selection = Run.Only("linux/amd64", "linux/arm64") },
        "attestation" => request with { Selection = new Images.ImageSelection { ExcludeAttestation = true } },
        _ => request with { Selection = Run.Only("linux/amd64") },
    };
}
