using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Attaching;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Sigstore;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Signing.Enforcing;
using OciSync.Core.Tests.Signing.Stores;

namespace OciSync.Core.Tests.Signing.Attaching;

/// <summary>Images in layouts are signed under their names there: by those, others find the signatures.</summary>
public sealed class LayoutSigningTests
{
    private const string Some = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly PrivateKey Key = PrivateKey.Create();

    [Fact]
    public async Task What_is_signed_in_a_layout_goes_along_with_referrers()
    {
        await using var world = await TrustWorld.StartAsync();
        var layout = await CopyAsync(world, "team/app:1");
        await SigningWorld.AddAsync(world, layout, SigningWorld.By(Key, identity: $"{world.Destination.Address}/app"));
        Assert.Contains("\"team/app:" + TrustWorld.TagOf(TrustWorld.Image.Manifests[0]) + "\"", Index(world), StringComparison.Ordinal);

        var pair = Pair(ImageLocation.Parse(layout), $"{world.Destination.Address}/app:1") with { IncludeReferrer = true };
        var request = world.Request() with { Pairs = [pair] };
        Assert.Equal(SyncStatus.Copied, (await world.RunAsync(request)).Status);
        await SigningWorld.AssertSignedAsync(world, $"{world.Destination.Address}/app:1", Key, 1);
        Assert.Equal(SyncStatus.UpToDate, (await world.RunAsync(request)).Status);
    }

    [Fact]
    public async Task Two_images_of_one_digest_have_lists_of_their_own()
    {
        await using var world = await TrustWorld.StartAsync();
        var tag = TrustWorld.TagOf(TrustWorld.Image.Manifests[0]);
        foreach (var name in (string[])["team/app:1", "other/app:1"])
        {
            await SigningWorld.AddAsync(world, await CopyAsync(world, name), SigningWorld.By(Key, identity: "example.test/" + name));
            Assert.Contains($"\"{name[..^2]}:{tag}\"", Index(world), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("team/app@" + Some, "@" + Some)]
    [InlineData("docker.io/library/nginx", ":latest")]
    [InlineData("docker.io/library/nginx:1.2", ":1.2")]
    [InlineData("1.2", ":1.2")]
    public void The_end_of_a_name_is_signed_as_it_is_meant(string name, string end) => Assert.Equal(
        ["example.test/team/app" + end],
        SignedNames.Of(
            new ImageLocation(ImageTransport.Oci, "/x", name, null), [name], SigningWorld.By(Key, identity: "example.test/team/app")));

    [Fact]
    public async Task More_than_is_read_is_not_written()
    {
        await using var world = await TrustWorld.StartAsync();
        using var engine = StoreWorld.WithAttachments();
        var place = ImageLocation.Parse(world.App);
        var writer = new AttachmentWriter(engine.Pool.GetSource(place), engine.Pool.GetDestination(place));
        var image = Digest.Parse(TrustWorld.Image.Digest);
        var work = new OciSync.Core.Flow.WorkScope(null, TestContext.Current.CancellationToken);
        await writer.AppendAsync(image, [.. Enumerable.Range(0, 128).Select(Made)], work);
        var failure = await Assert.ThrowsAsync<OciException>(() => writer.AppendAsync(image, [Made(128)], work));
        Assert.Equal(OciErrorKind.Unsupported, failure.Kind);
        Assert.Equal(128, (await engine.ReadAsync(world.App, TrustWorld.Image.Digest)).Signatures.Count);
    }

    private static FoundSignature Made(int i) => new(
        SignatureKind.Sigstore,
        "{}"u8.ToArray(),
        SigstoreAnnotations.PayloadType,
        new Dictionary<string, string> { [SigstoreAnnotations.Signature] = Convert.ToBase64String(BitConverter.GetBytes(i)) },
        string.Empty);

    private static SyncPair Pair(ImageLocation source, string destination) => new(source, ImageReference.Parse(destination), "app");

    private static string Index(TrustWorld world) => File.ReadAllText(Path.Combine(world.Folder["layout"], "index.json"));

    private static async Task<string> CopyAsync(TrustWorld world, string name)
    {
        var place = ImageLocation.Parse($"oci:{world.Folder["layout"]}:{name}");
        var row = await world.RunAsync(world.Request() with { Pairs = [new SyncPair(ImageReference.Parse(world.App), place, "app")] });
        Assert.Equal(SyncStatus.Copied, row.Status);
        return place.ToString();
    }
}
