using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Signing.Enforcing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Signing.Attaching;

/// <summary>Images that are signed where they are.</summary>
public sealed class AddSignatureTests
{
    private static PrivateKey Key => SigningWorld.Key;

    [Theory]
    [InlineData(SignatureFormat.Attachment)]
    [InlineData(SignatureFormat.Bundle)]
    public async Task Every_manifest_has_a_row_and_no_layer_is_read(SignatureFormat format)
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        var rows = await SigningWorld.AddAsync(world, world.App, SigningWorld.By(Key, format));
        Assert.Equal(["index", "platform", "platform", "other", "other"], rows.Select(r => r.Part));
        Assert.All(rows, r => Assert.Equal(
            ("Added", format.ToString(), $"{Key.Public.Fingerprint} (ECDSA P-256)", format == SignatureFormat.Bundle ? null : world.App, world.App),
            (r.Status, r.Format, r.Signer, r.Identity, r.Reference)));
        Assert.All(rows, r => Assert.Contains(
            format == SignatureFormat.Bundle ? "/app@sha256:" : $"/app:{r.Digest.Replace(':', '-')}.sig", r.Place, StringComparison.Ordinal));
        Assert.Equal(["linux/amd64", "linux/arm64"], rows.Where(r => r.Part == "platform").Select(r => r.Platform));
        Assert.Equal(0, world.Source.Requests.Count("GET", "/blobs/"));
        var checks = await SigningWorld.CheckAsync(world, world.App, Key);
        Assert.All(checks, c => Assert.Equal(("Trusted", 1), (c.Status, c.Signatures)));

        // Again, there is nothing to do, and nobody is asked.
        var again = await SigningWorld.AddAsync(world, world.App, SigningWorld.By(Key, format), _ => throw new InvalidOperationException());
        Assert.All(again, r => Assert.Equal(("UpToDate", null), (r.Status, r.Place)));
        Assert.Equal(rows.Select(r => r.Digest), again.Select(r => r.Digest));
    }

    [Fact]
    public async Task The_config_that_all_bundles_share_is_sent_once()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        world.Source.Faults.Add("POST", "/blobs/uploads/", FaultAction.Delay(TimeSpan.FromMilliseconds(50)), times: 20);

        var rows = await SigningWorld.AddAsync(world, world.App, SigningWorld.By(Key, SignatureFormat.Bundle));

        // A bundle for each of the five, and the one config.
        Assert.Equal(5, rows.Count(r => r.Status == "Added"));
        Assert.Equal(6, world.Source.Requests.Count("POST", "/blobs/uploads/"));
    }

    [Fact]
    public async Task Who_is_asked_hears_how_many_there_will_be_and_may_decline()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        var signing = SigningOptions.Of([new SigstoreSigner(Key), new SigstoreSigner(PrivateKey.Create())], null, null);
        var asked = 0;
        Assert.Empty(await SigningWorld.AddAsync(world, world.App, signing, count =>
        {
            asked = count;
            return Task.FromResult(false);
        }));
        Assert.Equal((10, 1), (asked, world.Source.TagsOf("app").Count));
        Assert.Equal(10, (await SigningWorld.AddAsync(world, world.App, signing)).Count);
    }

    [Fact]
    public async Task A_key_that_is_given_twice_signs_once()
    {
        await using var world = await TrustWorld.StartAsync();
        var other = PrivateKey.Create();
        var signing = SigningOptions.Of([new SigstoreSigner(Key), new SigstoreSigner(other), new SigstoreSigner(Key)], null, null);
        Assert.Equal(2, (await SigningWorld.AddAsync(world, world.App, signing)).Count);
        Assert.Equal(2, Assert.Single(await SigningWorld.CheckAsync(world, world.App, Key)).Signatures);
    }

    [Fact]
    public async Task By_digest_the_digest_is_signed_and_with_a_tag_beside_it_the_tag()
    {
        await using var world = await TrustWorld.StartAsync();
        var (repository, digest) = ($"{world.Source.Address}/app", TrustWorld.Image.Digest);
        Assert.Equal($"{repository}@{digest}", Assert.Single(await SigningWorld.AddAsync(world, $"{repository}@{digest}", SigningWorld.By(Key))).Identity);
        Assert.Equal($"{repository}:1", Assert.Single(await SigningWorld.AddAsync(world, $"{repository}:1@{digest}", SigningWorld.By(Key))).Identity);
    }

    [Fact]
    public async Task A_signature_of_the_key_that_was_changed_counts_for_nothing()
    {
        await using var world = await TrustWorld.StartAsync();
        var image = TrustWorld.Image;
        await SigningWorld.AddAsync(world, world.App, SigningWorld.By(Key, identity: "quay.io/other:1"));
        Assert.Equal("Added", Assert.Single(await SigningWorld.AddAsync(world, world.App, SigningWorld.By(Key))).Status);

        // One of another image, put beside this one.
        var other = ImageFactory.Create(new ImageSpec { Seed = 77 });
        await world.Source.AddAsync("app", other, "other");
        var row = Assert.Single(await SigningWorld.AddAsync(world, $"{world.Source.Address}/app:other", SigningWorld.By(Key)));
        Assert.Equal(("Added", other.Digest), (row.Status, row.Digest));
        Assert.NotEqual(image.Digest, other.Digest);
    }

    [Fact]
    public async Task Two_who_sign_at_once_are_both_there_afterwards_ten_times()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            var image = ImageFactory.Create(new ImageSpec { Seed = i });
            await world.Source.AddAsync("app", image, $"t{i}");
            var keys = new[] { Key, PrivateKey.Create() };
            var clock = new CommonClock(keys.Length);
            await Task.WhenAll(keys.Select(async key =>
            {
                using var engine = Run.Engine(world.Options with { RetryInterval = TimeSpan.FromMilliseconds(400), Time = clock });
                try
                {
                    await engine.SignAsync(
                        ImageLocation.Parse($"{world.Source.Address}/app:t{i}"), SigningWorld.By(key), _ => Task.FromResult(true), _ => Task.CompletedTask,
                        TestContext.Current.CancellationToken);
                }
                finally
                {
                    clock.Leave();
                }
            }));
            foreach (var key in keys)
            {
                var check = Assert.Single(await SigningWorld.CheckAsync(world, $"{world.Source.Address}/app:t{i}", key));
                Assert.Equal(("Trusted", 2), (check.Status, check.Signatures));
            }
        }));
    }

    [Fact]
    public async Task A_stop_between_signature_and_list_leaves_the_old_list_whole()
    {
        await using var world = await TrustWorld.StartAsync();
        await SigningWorld.AddAsync(world, world.App, SigningWorld.By(PrivateKey.Create()));
        var tag = TrustWorld.TagOf(TrustWorld.Image.Manifests[^1]);
        var before = world.Source.DigestOf("app", tag);
        var writes = world.Source.Requests.Count("PUT", "/manifests/sha256-");
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        world.Source.Faults.Add("PUT", "/manifests/sha256-", FaultAction.StallBeforeHeaders(), times: 1);
        using var engine = Run.Engine(world.Options, cancellationToken: TestContext.Current.CancellationToken);
        var signing = engine.SignAsync(
            ImageLocation.Parse(world.App), SigningWorld.By(Key), _ => Task.FromResult(true), _ => Task.CompletedTask, gone.Token);
        await world.Source.Requests.WaitForAsync(log => log.Count("PUT", "/manifests/sha256-") > writes);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => signing);
        Assert.Equal(before, world.Source.DigestOf("app", tag));
        Assert.Equal(1, Assert.Single(await SigningWorld.CheckAsync(world, world.App, Key)).Signatures);
    }

    [Theory]
    [InlineData(SignatureFormat.Attachment)]
    [InlineData(SignatureFormat.Bundle)]
    public async Task Of_an_index_of_which_some_platforms_are_there_those_are_signed_and_the_others_told(SignatureFormat format)
    {
        await using var world = await TrustWorld.StartAsync();
        var arm = TrustWorld.Index.For(TestPlatform.LinuxArm64);
        await world.Source.AddAsync("sparse", Without(TrustWorld.Index, m => m == arm), "1");
        var (image, told) = ($"{world.Source.Address}/sparse:1", new List<string>());
        var events = new EngineEvents { Warning = told.AddLocked };
        var rows = await SigningWorld.AddAsync(world, image, SigningWorld.By(Key, format), events: events);
        Assert.Equal(["index", "linux/amd64", "other", "other"], rows.Select(r => r.Platform is "linux/amd64" ? r.Platform : r.Part));
        Assert.All(rows, r => Assert.Equal("Added", r.Status));
        Assert.Equal($"The index of '{image}' names manifests that are not there: linux/arm64. They are left out.", Assert.Single(told));

        var checks = await SigningWorld.CheckAsync(world, image, Key);
        Assert.All(checks, c => Assert.Equal("Trusted", c.Status));
        Assert.Equal(rows.Select(r => r.Digest), checks.Select(c => c.Digest));
        Assert.All(await SigningWorld.AddAsync(world, image, SigningWorld.By(Key, format)), r => Assert.Equal("UpToDate", r.Status));
    }

    [Fact]
    public async Task An_index_of_which_nothing_is_there_is_not_signed()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.Source.AddAsync("lost", Without(TrustWorld.Index, m => m != TrustWorld.Index.Root), "1");
        var failure = await Assert.ThrowsAsync<OciException>(() => SigningWorld.AddAsync(world, $"{world.Source.Address}/lost:1", SigningWorld.By(Key)));
        Assert.Equal(OciErrorKind.ManifestUnknown, failure.Kind);
        Assert.Contains("not there: linux/amd64, linux/arm64, sha256:", failure.Message, StringComparison.Ordinal);
        Assert.Single(world.Source.TagsOf("lost"));
    }

    [Fact]
    public async Task What_is_signed_of_an_image_that_can_not_be_signed_whole_has_its_row()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        world.Source.Faults.Add("PUT", "/manifests/" + TrustWorld.TagOf(TrustWorld.Index.Manifests[0]), FaultAction.Respond(403, "DENIED"), times: 100);
        var rows = new List<string>();
        using var engine = Run.Engine(world.Options, cancellationToken: TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<OciException>(() => engine.SignAsync(
            ImageLocation.Parse(world.App), SigningWorld.By(Key), _ => Task.FromResult(true), row =>
            {
                rows.Add(row.Digest);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken));
        Assert.Equal((OciErrorKind.Forbidden, 4), (failure.Kind, rows.Count));
        Assert.DoesNotContain(TrustWorld.Index.Manifests[0].Digest, rows);
    }

    private static TestImage Without(TestImage image, Func<TestManifest, bool> isAbsent) =>
        image with { Manifests = [.. image.Manifests.Where(m => !isAbsent(m))] };
}
