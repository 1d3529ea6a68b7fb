using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Attaching;
using OciSync.Core.Signing.Bundles;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Signing.Stores;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>
/// A vendor's registry with an image of two platforms that everybody has signed: gpg's key by skopeo into a lookaside, sigstore's keys by skopeo 1.18 and
/// cosign 2 as attachments, and a bundle; and a registry on the other side of a gap, which has another name for it.
/// </summary>
internal sealed class AirGapWorld : IAsyncDisposable
{
    private const string Passphrase = "only for tests";

    private readonly GnuPg _gpg;
    private readonly EmbeddedRegistry _vendor;
    private readonly PrivateKey _bundleKey = PrivateKey.Create();

    private AirGapWorld(GnuPg gpg, EmbeddedRegistry vendor, EmbeddedRegistry inside) => (_gpg, _vendor, Inside) = (gpg, vendor, inside);

    internal static string? WhyMissing => GnuPg.WhyMissing ?? Skopeo.WhyMissing ?? Debian13.WhyMissing(Debian13.Skopeo, Debian13.Cosign);

    internal static TestImage Index { get; } = ImageFactory.Create(new ImageSpec { Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] });

    internal TempFolder Folder { get; } = new();

    internal EmbeddedRegistry Inside { get; }

    /// <summary>The image at the vendor's, and the repository of its signed name.</summary>
    internal string From => $"{_vendor.Address}/team/app:1.0";

    /// <summary>The image on the other side.</summary>
    internal string To => $"{Inside.Address}/mirror/app:1.0";

    /// <summary>What registries.d says on this side, or on the other one.</summary>
    internal EngineOptions Side(string name) => Run.Quick with { RegistriesDirectoryPath = Folder[name] };

    internal static async Task<AirGapWorld> StartAsync()
    {
        var world = new AirGapWorld(GnuPg.Start(), await EmbeddedRegistry.StartAsync(), await EmbeddedRegistry.StartAsync());
        await world._vendor.AddAsync("team/app", Index, "1.0");
        await world._vendor.AddAsync("build/app", Index, "1.0");
        world.Say("outside", $"lookaside: {world.UriOf("vendor")}", "use-sigstore-attachments: true");
        world.Say("inside", $"lookaside-staging: {world.UriOf("staging")}", $"lookaside: {world.UriOf("staging")}", "use-sigstore-attachments: true");
        await world.SignAsync();
        return world;
    }

    internal void Say(string side, params string[] settings)
    {
        Directory.CreateDirectory(Folder[side]);
        File.WriteAllText(Folder[side + "/all.yaml"], "default-docker:\n" + string.Concat(settings.Select(s => $"  {s}\n")));
    }

    internal string UriOf(string folder) => new Uri(Folder[folder]).AbsoluteUri;

    /// <summary>Copies on a side.</summary>
    internal async Task<OciSyncResult> CopyAsync(string side, string from, string to, Func<SyncRequest, SyncRequest>? change = null)
    {
        var request = Carry.Request(from, to);
        var row = await Run.OneAsync(change is null ? request : change(request), Side(side));
        Assert.True(row.Error is null, row.Error);
        return row;
    }

    /// <summary>The vendor's registry and its lookaside can be reached no longer.</summary>
    internal async Task CutAsync()
    {
        await _vendor.DisposeAsync();
        Directory.Delete(Folder["vendor"], recursive: true);
    }

    /// <summary>A policy that asks for a signature of one kind under the vendor's name.</summary>
    /// <param name="name">Of its file.</param>
    /// <param name="type">signedBy or sigstoreSigned.</param>
    /// <param name="key">The file of the key.</param>
    /// <param name="identity">Which name is asked for.</param>
    internal string Policy(string name, string type, string key, string identity)
    {
        var keys = type == "signedBy" ? "\"keyType\": \"GPGKeys\", " : string.Empty;
        File.WriteAllText(Folder[name], $$"""{"default": [{"type": "{{type}}", {{keys}}"keyPath": "{{Folder[key]}}", "signedIdentity": {{identity}}}]}""");
        return Folder[name];
    }

    /// <summary>The mirror's name stands for the vendor's.</summary>
    internal string Remap => $$"""{"type": "remapIdentity", "prefix": "{{Inside.Address}}/mirror", "signedPrefix": "{{_vendor.Address}}/team"}""";

    internal string Repository => $$"""{"type": "exactRepository", "dockerRepository": "{{_vendor.Address}}/team/app"}""";

    /// <summary>Whether we let the image in.</summary>
    internal async Task<string?> AskUsAsync(string policy)
    {
        var request = Carry.Request(To, $"dir:{Folder["ours-" + Guid.NewGuid()]}") with { Trust = new TrustOptions { Policy = OciPolicy.Open(policy) } };
        return (await Run.OneAsync(request, Side("inside"))).ErrorId;
    }

    /// <summary>Whether a skopeo does: null, or what it says.</summary>
    internal async Task<string?> AskSkopeoAsync(string program, string policy, string side = "inside")
    {
        var result = await SkopeoAsync(
            program, "--policy", policy, "--registries.d", Folder[side], "copy", "--all", "--src-tls-verify=false", "docker://" + To,
            $"dir:{Folder["theirs-" + Guid.NewGuid()]}");
        return result.ExitCode == 0 ? null : result.Error;
    }

    internal async Task<string?> AskCosignAsync(string image, string key = "cosign.pub")
    {
        var result = await CosignAsync("verify", "--key", Folder[key], "--insecure-ignore-tlog=true", "--allow-http-registry", image);
        return result.ExitCode == 0 ? null : result.Error;
    }

    /// <summary>The bundles of the image there that the vendor's key made.</summary>
    internal async Task<int> CountBundlesAsync(string place)
    {
        using var stores = StoreWorld.WithAttachments();
        var found = await stores.Pool.Signatures.ReadReferrersAsync(ImageLocation.Parse(place), Digest.Parse(Index.Digest), Work);
        return found.Count(f => BundleVerifier.Check(f.Content, [_bundleKey.Public], Digest.Parse(Index.Digest)).Refusal is null);
    }

    internal async Task<ProcessResult> SkopeoAsync(string program, params string[] arguments) => program == "skopeo"
        ? await _gpg.RunAsync("skopeo", arguments)
        : await Debian13.RunAsync(program, arguments, _gpg.Home.Path);

    /// <summary>Signs the image for a second time, by another key of gpg's.</summary>
    internal async Task SignAgainAsync()
    {
        await _gpg.CreateKeyAsync("ben@example.test", "ed25519");
        await File.WriteAllBytesAsync(Folder["ben.gpg"], await _gpg.ExportAsync("ben@example.test"));
        await SignOpenPgpAsync("ben@example.test", 2);
    }

    public async ValueTask DisposeAsync()
    {
        await _vendor.DisposeAsync();
        await Inside.DisposeAsync();
        await _gpg.DisposeAsync();
        Folder.Dispose();
    }

    private static WorkScope Work => WorkScope.Uncounted(TestContext.Current.CancellationToken);

    private async Task SignAsync()
    {
        await _gpg.CreateKeyAsync("anna@example.test", "ed25519");
        await File.WriteAllBytesAsync(Folder["anna.gpg"], await _gpg.ExportAsync("anna@example.test"));
        await SignOpenPgpAsync("anna@example.test", 1);
        await _gpg.CreateKeyAsync("clara@example.test", "ed25519");
        await File.WriteAllBytesAsync(Folder["clara.gpg"], await _gpg.ExportAsync("clara@example.test"));
        await File.WriteAllTextAsync(Folder["bundle.pub"], new PemBlock("PUBLIC KEY", _bundleKey.Public.Bytes).Write());
        foreach (var name in new[] { "skopeo", "cosign" })
        {
            (await CosignAsync("generate-key-pair", "--output-key-prefix", Folder[name])).Succeeded();
        }

        await File.WriteAllTextAsync(Folder["passphrase"], Passphrase);
        (await SkopeoAsync(
            Debian13.Skopeo, "--insecure-policy", "--registries.d", Folder["outside"], "copy", "--all", "--src-tls-verify=false", "--dest-tls-verify=false",
            "--sign-by-sigstore-private-key", Folder["skopeo.key"], "--sign-passphrase-file", Folder["passphrase"],
            $"docker://{_vendor.Address}/build/app:1.0", "docker://" + From)).Succeeded();
        (await CosignAsync(
            "sign", "--recursive", "--key", Folder["cosign.key"], "--tlog-upload=false", "--allow-http-registry", "-y",
            $"{_vendor.Address}/team/app@{Index.Digest}")).Succeeded();
        using var stores = StoreWorld.WithAttachments();
        var image = ImageLocation.Parse(From);
        var manifest = await stores.Pool.GetSource(image).GetManifestAsync(Index.Digest, Work);
        await new BundleWriter(stores.Pool.GetDestination(image), (IReferrerStore)stores.Pool.GetSource(image)).AddAsync(manifest, _bundleKey, Work);
    }

    // The index and each platform, as skopeo does with --all.
    private async Task SignOpenPgpAsync(string signer, int number)
    {
        foreach (var manifest in Index.Manifests)
        {
            var folder = Directory.CreateDirectory(Folder[$"vendor/team/app@{manifest.Digest.Replace(':', '=')}"]).FullName;
            await File.WriteAllBytesAsync(Folder["manifest"], manifest.Bytes);
            (await SkopeoAsync(
                "skopeo", "standalone-sign", Folder["manifest"], From, signer, "-o", Path.Combine(folder, $"signature-{number}"))).Succeeded();
        }
    }

    internal Task<ProcessResult> CosignAsync(params string[] arguments) =>
        Debian13.RunAsync(Debian13.Cosign, arguments, _gpg.Home.Path, ("COSIGN_PASSWORD", Passphrase));
}
