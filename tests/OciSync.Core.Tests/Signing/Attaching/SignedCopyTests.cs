using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Signing.Enforcing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Signing.Attaching;

/// <summary>Copies that are signed where they go: once, under the name that they have there.</summary>
public sealed class SignedCopyTests
{
    // The index, two platforms and their attestations.
    private const int Manifests = 5;

    private static PrivateKey Key => SigningWorld.Key;

    [Fact]
    public async Task The_index_and_all_it_names_are_signed_under_the_destinations_name_and_once()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        var request = world.Request() with { Signing = SigningWorld.By(Key) };
        SigningWorld.AssertSigned(await world.RunAsync(request), SyncStatus.Copied, Key);
        var name = $"{world.Destination.Address}/app:1";
        await SigningWorld.AssertSignedAsync(world, name, Key, Manifests);

        // The second run finds them, and writes nothing.
        var before = Writes(world);
        SigningWorld.AssertSigned(await world.RunAsync(request), SyncStatus.UpToDate, Key);
        Assert.Equal(before, Writes(world));
        await SigningWorld.AssertSignedAsync(world, name, Key, Manifests);

        // Another key's signatures are added to them.
        var other = PrivateKey.Create();
        SigningWorld.AssertSigned(await world.RunAsync(request with { Signing = SigningWorld.By(other) }), SyncStatus.Updated, other);
        foreach (var key in new[] { Key, other })
        {
            Assert.All(await SigningWorld.CheckAsync(world, name, key), c => Assert.Equal(("Trusted", 2), (c.Status, c.Signatures)));
        }
    }

    [Fact]
    public async Task What_is_there_unsigned_is_signed_when_that_is_agreed_to()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.RunAsync(world.Request());
        var request = world.Request() with { Signing = SigningWorld.By(Key) };
        var name = $"{world.Destination.Address}/app:1";

        var planned = await world.RunAsync(request with { IsReadOnly = true });
        SigningWorld.AssertSigned(planned, SyncStatus.WouldUpdate, Key);
        Assert.Contains("not signed", planned.Reason, StringComparison.Ordinal);
        var declined = Assert.Single(await Run.SyncAsync(request, world.Options, confirm: _ => Task.FromResult(false))).Row;
        Assert.Equal((SyncStatus.Skipped, 0), (declined.Status, declined.SignedWith.Length));
        Assert.Single(world.Destination.TagsOf("app"));

        var questions = 0;
        var signed = Assert.Single(await Run.SyncAsync(request, world.Options, confirm: _ =>
        {
            questions++;
            return Task.FromResult(true);
        })).Row;
        SigningWorld.AssertSigned(signed, SyncStatus.Updated, Key);
        Assert.Equal(1, questions);
        await SigningWorld.AssertSignedAsync(world, name, Key, 1);

        // Where nothing is missing nobody is asked.
        SigningWorld.AssertSigned(
            Assert.Single(await Run.SyncAsync(request, world.Options, confirm: _ => throw new InvalidOperationException())).Row, SyncStatus.UpToDate, Key);
    }

    [Fact]
    public async Task A_plan_writes_nothing()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        SigningWorld.AssertSigned(
            await world.RunAsync(world.Request() with { Signing = SigningWorld.By(Key), IsReadOnly = true }), SyncStatus.WouldCopy, Key);
        world.AssertUntouched();
    }

    [Fact]
    public async Task Every_tag_of_one_image_is_a_name_that_is_signed()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.Source.AddAsync("app", TrustWorld.Image, "2", "3");
        var request = Run.Request([world.App, $"{world.Source.Address}/app:2", $"{world.Source.Address}/app:3"], world.Destination.Address) with
        {
            Signing = SigningWorld.By(Key), AdditionalTags = ["more"],
        };
        var rows = await Run.SyncAsync(request, world.Options);
        Assert.All(rows, o => SigningWorld.AssertSigned(o.Row, SyncStatus.Copied, Key));
        foreach (var tag in (string[])["1", "2", "3", "more"])
        {
            var check = Assert.Single(await SigningWorld.CheckAsync(world, $"{world.Destination.Address}/app:{tag}", Key));
            Assert.Equal(("Trusted", 4), (check.Status, check.Signatures));
        }
    }

    [Theory]
    [InlineData("quay.io/team/other", "quay.io/team/other:1")]
    [InlineData("quay.io/team/other:9", "quay.io/team/other:9")]
    [InlineData("busybox", "docker.io/library/busybox:1")]
    public async Task Another_name_may_be_signed(string given, string name)
    {
        await using var world = await TrustWorld.StartAsync();
        await world.RunAsync(world.Request() with { Signing = SigningWorld.By(Key, identity: given) });
        await SigningWorld.AssertSignedAsync(world, $"{world.Destination.Address}/app:1", Key, 1, name);
        Assert.Equal("Untrusted", Assert.Single(await SigningWorld.CheckAsync(world, $"{world.Destination.Address}/app:1", Key)).Status);
    }

    [Fact]
    public async Task Without_a_tag_its_digest_is_signed()
    {
        await using var world = await TrustWorld.StartAsync();
        var row = await world.RunAsync(world.Request() with
        {
            Pairs = [new SyncPair(ImageReference.Parse(world.App), ImageReference.Parse($"{world.Destination.Address}/app"), "app")],
            Signing = SigningWorld.By(Key),
        });
        SigningWorld.AssertSigned(row, SyncStatus.Copied, Key);
        await SigningWorld.AssertSignedAsync(world, $"{world.Destination.Address}/app@{TrustWorld.Image.Digest}", Key, 1);
    }

    [Fact]
    public async Task What_can_not_be_signed_is_the_rows_failure_and_the_image_is_there()
    {
        await using var world = await TrustWorld.StartAsync();
        world.Destination.Faults.Add("PUT", "/manifests/sha256-", FaultAction.Respond(403, "DENIED"), times: 100);
        var row = await world.RunAsync(world.Request() with { Signing = SigningWorld.By(Key) });
        Assert.Equal((SyncStatus.Failed, "OciForbidden", 0), (row.Status, row.ErrorId, row.SignedWith.Length));
        Assert.Contains("is there, and could not be signed", row.Error, StringComparison.Ordinal);
        Assert.Equal(TrustWorld.Image.Digest, world.Destination.DigestOf("app", "1"));
    }

    [Theory]
    [InlineData("docker-archive:{0}/x.tar", SignatureFormat.Attachment, "an archive is written in one go")]
    [InlineData("dir:{0}/x", SignatureFormat.Bundle, "can't hold signatures of the format Bundle")]
    [InlineData("oci:{0}/x:a", SignatureFormat.Attachment, "-SignIdentity")]
    public async Task A_place_that_has_no_room_for_it_is_refused_before_anything_is_copied(string destination, SignatureFormat format, string reason)
    {
        await using var world = await TrustWorld.StartAsync();
        var place = ImageLocation.Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, destination, world.Folder.Path));
        var row = await world.RunAsync(world.Request() with
        {
            Pairs = [new SyncPair(ImageReference.Parse(world.App), place, "app")], Signing = SigningWorld.By(Key, format),
        });
        Assert.Equal(SyncStatus.Failed, row.Status);
        Assert.Contains(reason, row.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(place.Path) || Directory.Exists(place.Path));
    }

    [Theory]
    [InlineData("oci:{0}/x:team/app:1", "example.test/team/app:1")]
    [InlineData("dir:{0}/x", "example.test/team/app:2")]
    public async Task Folders_hold_attachments(string destination, string identity)
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        var place = ImageLocation.Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, destination, world.Folder.Path));
        var request = world.Request() with
        {
            Pairs = [new SyncPair(ImageReference.Parse(world.App), place, "app")], Signing = SigningWorld.By(Key, identity: identity),
        };
        SigningWorld.AssertSigned(await world.RunAsync(request), SyncStatus.Copied, Key);
        SigningWorld.AssertSigned(await world.RunAsync(request), SyncStatus.UpToDate, Key);
        await SigningWorld.AssertSignedAsync(world, place.ToString(), Key, Manifests, identity);
    }

    [Fact]
    public async Task What_arrives_changed_is_signed_as_it_is_there()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        var row = await world.RunAsync(world.Request() with
        {
            Selection = Run.Only("linux/amd64", "linux/arm64") with { ExcludeAttestation = true }, Signing = SigningWorld.By(Key),
        });
        SigningWorld.AssertSigned(row, SyncStatus.Copied, Key);
        Assert.NotEqual(row.SourceDigest, row.Digest);
        await SigningWorld.AssertSignedAsync(world, $"{world.Destination.Address}/app:1", Key, 3);
    }

    [Fact]
    public async Task Some_platforms_below_their_own_index_are_signed_with_it()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        await using var sparse = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = new RegistryDialect { SparseIndexes = true } });
        var request = Run.Request([world.App], sparse.Address) with
        {
            Selection = Run.Only("linux/amd64") with { KeepIndex = true },
            Signing = SigningWorld.By(Key),
        };
        SigningWorld.AssertSigned(await world.RunAsync(request), SyncStatus.Copied, Key);
        SigningWorld.AssertSigned(await world.RunAsync(request), SyncStatus.UpToDate, Key);
        Assert.Contains(TrustWorld.TagOf(TrustWorld.Index.Manifests[^1]), sparse.TagsOf("app"));
    }

    [Fact]
    public async Task What_registriesd_switches_off_is_not_written()
    {
        await using var world = await TrustWorld.StartAsync();
        await File.WriteAllTextAsync(
            world.Folder["registries.d/all.yaml"], "default-docker: { use-sigstore-attachments: false }\n", TestContext.Current.CancellationToken);
        var row = await world.RunAsync(world.Request() with { Signing = SigningWorld.By(Key) });
        Assert.Equal((SyncStatus.Failed, "OciUnsupported"), (row.Status, row.ErrorId));
        Assert.Contains("all.yaml", row.Error, StringComparison.Ordinal);
        world.AssertUntouched();
        SigningWorld.AssertSigned(
            await world.RunAsync(world.Request() with { Signing = SigningWorld.By(Key, SignatureFormat.Bundle) }), SyncStatus.Copied, Key);
    }

    private static int Writes(TrustWorld world) =>
        world.Destination.Requests.Count("POST") + world.Destination.Requests.Count("PUT") + world.Destination.Requests.Count("PATCH");
}
