using System.Text;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Keys;
using OciSync.Core.Signing.Attaching;
using OciSync.Core.Signing.Sigstore;
using OciSync.Core.Signing.Stores;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Signing.Stores;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Signing.Attaching;

/// <summary>Signatures that are made and attached: to nothing, and beside those of others.</summary>
public sealed class AttachingTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PrivateKey Key = PrivateKey.Create();

    // So long waits who wrote, before looking whether it stayed.
    private static readonly EngineOptions Patient = Run.Quick with { RetryInterval = TimeSpan.FromMilliseconds(400) };

    private static WorkScope Work => new(null, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_attachment_holds_where_the_image_is(bool isLayout)
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await registry.AddAsync("app", image, "1.0");
        using var world = StoreWorld.WithAttachments();
        var place = $"{registry.Address}/app:1.0";
        if (isLayout)
        {
            await Carry.SucceedAsync(place, place = $"oci:{world.Folder["layout"]}:app");
        }

        await SignAsync(world.Pool, place, image.Digest, Key);

        var found = Assert.Single((await world.ReadAsync(place, image.Digest)).Signatures);
        var proof = SigstoreVerifier.Check(found, new SigstoreTrust { Keys = [Pem(Key)] }, Now);
        Assert.Null(proof.Refusal);
        var payload = SignedPayload.Read(proof.Payload!, SignatureKind.Sigstore, out _)!;
        Assert.Equal(
            ("quay.io/team/app+x:1.0", image.Digest, "OciSync 1", Now),
            (payload.DockerReference, payload.Digest.ToString(), payload.Creator, payload.Timestamp));
        Assert.Contains("app+x", Encoding.UTF8.GetString(proof.Payload!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("skopeo")]
    [InlineData("cosign")]
    public async Task Others_stay_as_they_are(string name)
    {
        var image = FrozenImage.Load(name);
        await using var registry = await EmbeddedRegistry.StartAsync();
        await image.AddAsync(registry, "app");
        using var world = StoreWorld.WithAttachments();
        var place = $"{registry.Address}/app:1.0";
        var before = Assert.Single((await world.ReadAsync(place, image.Digest)).Signatures);

        await SignAsync(world.Pool, place, image.Digest, Key);
        await SignAsync(world.Pool, place, image.Digest, PrivateKey.Create());

        var after = (await world.ReadAsync(place, image.Digest)).Signatures;
        Assert.Equal(3, after.Count);
        Assert.Equal(before.Content, after[0].Content);
        Assert.Equal(before.Annotations, after[0].Annotations);
        Assert.Null(SigstoreVerifier.Check(after[0], new SigstoreTrust { Keys = [image.Key] }, Now).Refusal);
        Assert.Null(SigstoreVerifier.Check(after[1], new SigstoreTrust { Keys = [Pem(Key)] }, Now).Refusal);
    }

    [Fact]
    public async Task Two_signers_at_once_are_both_there_afterwards()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        using var first = StoreWorld.WithAttachments(Patient);
        using var second = StoreWorld.WithAttachments(Patient);
        var image = ImageFactory.Create();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            await registry.AddAsync($"app{i}", image, "1.0");
            var place = $"{registry.Address}/app{i}:1.0";
            await Task.WhenAll(SignAsync(first.Pool, place, image.Digest, Key), SignAsync(second.Pool, place, image.Digest, PrivateKey.Create()));
            Assert.Equal(2, (await first.ReadAsync(place, image.Digest)).Signatures.Count);
        }));
    }

    [Fact]
    public async Task What_fails_between_signature_and_list_leaves_the_old_list_whole()
    {
        var image = FrozenImage.Load("cosign");
        await using var registry = await EmbeddedRegistry.StartAsync();
        await image.AddAsync(registry, "app");
        using var world = StoreWorld.WithAttachments();
        var place = $"{registry.Address}/app:1.0";
        var tag = AttachmentSignatures.TagFor(Digest.Parse(image.Digest));
        var before = registry.DigestOf("app", tag);
        registry.Faults.Add("PUT", "/manifests/", FaultAction.Respond(403, "DENIED"), times: 10);

        await Assert.ThrowsAsync<OciSync.Core.Errors.OciException>(() => SignAsync(world.Pool, place, image.Digest, Key));
        Assert.Equal(before, registry.DigestOf("app", tag));
        Assert.Single((await world.ReadAsync(place, image.Digest)).Signatures);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_bundle_holds_and_is_one_more_beside_others(bool hasReferrersApi)
    {
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = new RegistryDialect { Referrers = hasReferrersApi } });
        var image = ImageFactory.Create();
        await registry.AddAsync("app", image, "1.0");
        using var world = StoreWorld.WithAttachments();
        var place = ImageLocation.Parse($"{registry.Address}/app:1.0");
        foreach (var key in new[] { Key, PrivateKey.Create() })
        {
            await BundleAsync(world.Pool, place, key);
        }

        var found = await world.Pool.Signatures.ReadReferrersAsync(place, Digest.Parse(image.Digest), Work);
        Assert.Equal(2, found.Count);
        Assert.Single(found, f => Core.Signing.Bundles.BundleVerifier.Check(f.Content, [Key.Public], Digest.Parse(image.Digest)).Refusal is null);
    }

    [Fact]
    public async Task Skopeo_and_cosign_take_them_and_sign_with_our_key_file()
    {
        Assert.SkipWhen(Debian13.WhyMissing(Debian13.Skopeo, Debian13.Cosign) is { }, Debian13.WhyMissing(Debian13.Skopeo, Debian13.Cosign) ?? string.Empty);
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await registry.AddAsync("app", image, "1.0");
        using var world = StoreWorld.WithAttachments();
        var (folder, place) = (world.Folder, $"{registry.Address}/app:1.0");
        await File.WriteAllTextAsync(folder["our.key"], SigningKeyFile.Write(Key, "pw"u8.ToArray()), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder["our.pub"], Pem(Key), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["pw"], "pw\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            folder["policy.json"],
            $$$"""{"default":[{"type":"sigstoreSigned","keyPath":"{{{folder["our.pub"]}}}","signedIdentity":{"type":"matchRepository"}}]}""",
            TestContext.Current.CancellationToken);
        await SignAsync(world.Pool, place, image.Digest, Key, $"{registry.Address}/app:1.0");

        await SkopeoAsync("--policy", folder["policy.json"], "copy", "--src-tls-verify=false", $"docker://{place}", $"dir:{folder["copy"]}");
        await CosignAsync("verify", "--key", folder["our.pub"], "--insecure-ignore-tlog=true", "--allow-http-registry", place);

        await SkopeoAsync(
            "--insecure-policy", "copy", "--src-tls-verify=false", "--dest-tls-verify=false", "--sign-by-sigstore-private-key", folder["our.key"],
            "--sign-passphrase-file", folder["pw"], $"docker://{place}", $"docker://{place}");
        await CosignAsync("sign", "--key", folder["our.key"], "--tlog-upload=false", "--allow-http-registry", "-y", $"{registry.Address}/app@{image.Digest}");
        var all = (await world.ReadAsync(place, image.Digest)).Signatures;
        Assert.Equal(3, all.Count);
        Assert.All(all, s => Assert.Null(SigstoreVerifier.Check(s, new SigstoreTrust { Keys = [Pem(Key)] }, Now).Refusal));

        async Task SkopeoAsync(params string[] arguments) => Good(await Debian13.RunAsync(
            Debian13.Skopeo, ["--registries.d", folder["registries.d"], .. arguments], folder.Path));

        async Task CosignAsync(params string[] arguments) => Good(await Debian13.RunAsync(Debian13.Cosign, arguments, folder.Path, ("COSIGN_PASSWORD", "pw")));
    }

    [Fact]
    public async Task Cosign_takes_a_bundle()
    {
        Assert.SkipWhen(NewCosign.WhyMissing is not null, NewCosign.WhyMissing ?? string.Empty);
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await registry.AddAsync("app", image, "1.0");
        using var world = StoreWorld.WithAttachments();
        await BundleAsync(world.Pool, ImageLocation.Parse($"{registry.Address}/app:1.0"), Key);
        await File.WriteAllBytesAsync(world.Folder["our.pub"], Pem(Key), TestContext.Current.CancellationToken);

        Good(await NewCosign.RunAsync(
            ["verify", "--key", world.Folder["our.pub"], "--insecure-ignore-tlog=true", "--allow-http-registry", $"{registry.Address}/app:1.0"],
            TestContext.Current.CancellationToken));
    }

    private static void Good(ProcessResult result) => Assert.True(result.ExitCode == 0, result.Error);

    private static byte[] Pem(PrivateKey key) => Encoding.UTF8.GetBytes(new PemBlock("PUBLIC KEY", key.Public.Bytes).Write());

    private static async Task SignAsync(RegistryPool pool, string place, string image, PrivateKey key, string identity = "quay.io/team/app+x:1.0")
    {
        var location = ImageLocation.Parse(place);
        var digest = Digest.Parse(image);
        var payload = SignedPayloadWriter.Write(SignatureKind.Sigstore, identity, digest, "OciSync 1", Now);
        await new AttachmentWriter(pool.GetSource(location), pool.GetDestination(location)).AddAsync(digest, payload, key, Work);
    }

    private static async Task BundleAsync(RegistryPool pool, ImageLocation place, PrivateKey key)
    {
        var destination = pool.GetDestination(place);
        Manifest manifest = await pool.GetSource(place).GetManifestAsync(place.ManifestReference, Work);
        await new BundleWriter(destination, (IReferrerStore)destination).AddAsync(manifest, key, Work);
    }
}
