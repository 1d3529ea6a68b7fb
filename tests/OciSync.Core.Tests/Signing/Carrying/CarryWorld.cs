using System.Text;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Attaching;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Signing.Stores;
using OciSync.Core.Tests.Transports;
using OciSync.Core.References;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Signing.Carrying;

/// <summary>Two registries, and a registries.d that says for each where signatures are.</summary>
internal sealed class CarryWorld : IAsyncDisposable
{
    internal static readonly TestImage Image = ImageFactory.Create();

    internal static readonly TestImage Index = ImageFactory.Create(new ImageSpec { Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] });

    private readonly StoreWorld _stores = StoreWorld.WithAttachments();

    private CarryWorld(EmbeddedRegistry source, EmbeddedRegistry destination) => (Source, Destination) = (source, destination);

    internal TempFolder Folder { get; } = new();

    internal EmbeddedRegistry Source { get; }

    internal EmbeddedRegistry Destination { get; }

    internal static PrivateKey Key { get; } = PrivateKey.Create();

    internal static byte[] Pem(PrivateKey key) => Encoding.UTF8.GetBytes(new PemBlock("PUBLIC KEY", key.Public.Bytes).Write());

    internal string From => $"{Source.Address}/app:1";

    internal string To => $"{Destination.Address}/mirror/app:1";

    internal EngineOptions Options => Run.Quick with { RegistriesDirectoryPath = Folder["registries.d"] };

    /// <summary>The source has the image <c>app:1</c>.</summary>
    /// <param name="image">The image.</param>
    /// <param name="source">What registries.d says of the source.</param>
    /// <param name="destination">What it says of the destination.</param>
    /// <param name="dialect">What the destination is like.</param>
    internal static async Task<CarryWorld> StartAsync(
        TestImage image, string[] source, string[] destination, RegistryDialect? dialect = null)
    {
        var options = new RegistryOptions { Dialect = dialect ?? new RegistryDialect() };
        var world = new CarryWorld(await EmbeddedRegistry.StartAsync(), await EmbeddedRegistry.StartAsync(options));
        await world.Source.AddAsync("app", image, "1");
        world.Say(source, destination);
        return world;
    }

    internal const string Attachments = "use-sigstore-attachments: true";

    internal void Say(string[] source, string[] destination)
    {
        Directory.CreateDirectory(Folder["registries.d"]);
        var text = new StringBuilder("docker:\n");
        foreach (var (host, lines) in new[] { (Source.Address, source), (Destination.Address, destination) }.Where(h => h.Item2.Length > 0))
        {
            var folder = new Uri(Folder["."]).AbsoluteUri.TrimEnd('.');
            text.Append("  ").Append(host).Append(":\n").AppendJoin(string.Empty, lines.Select(l => $"    {l.Replace("FOLDER", folder)}\n"));
        }

        File.WriteAllText(Folder["registries.d/all.yaml"], source.Length + destination.Length == 0 ? string.Empty : text.ToString());
    }

    /// <summary>Something that begins as OpenPGP's signatures do, in the source's lookaside.</summary>
    internal void PutOpenPgp(string folder, string repository, string digest, int number, byte content)
    {
        var place = Directory.CreateDirectory(Folder[$"{folder}/{repository}@{digest.Replace(':', '=')}"]).FullName;
        File.WriteAllBytes(Path.Combine(place, $"signature-{number}"), StoreRun.Signature(content));
    }

    /// <summary>The last bytes of the files of signatures, in their order.</summary>
    internal string OpenPgpOf(string folder, string repository, string digest)
    {
        var place = Folder[$"{folder}/{repository}@{digest.Replace(':', '=')}"];
        return !Directory.Exists(place) ? string.Empty
            : string.Join(",", Directory.GetFiles(place).Order(StringComparer.Ordinal).Select(f => $"{Path.GetFileName(f)[10..]}:{File.ReadAllBytes(f)[^1]}"));
    }

    /// <summary>Attaches a signature to a manifest, as cosign and skopeo do.</summary>
    internal async Task AttachAsync(string place, string digest, PrivateKey? key = null)
    {
        var image = ImageLocation.Parse(place);
        var payload = SignedPayloadWriter.Write(
            SignatureKind.Sigstore, image.Image?.ToString() ?? "r.test/app:1", Digest.Parse(digest), "t 1", DateTimeOffset.UnixEpoch);
        await new AttachmentWriter(_stores.Pool.GetSource(image), _stores.Pool.GetDestination(image), image.NameBeside)
            .AddAsync(Digest.Parse(digest), payload, key ?? Key, Work);
    }

    internal async Task BundleAsync(string place, string digest, PrivateKey? key = null)
    {
        var image = ImageLocation.Parse(place);
        var manifest = await _stores.Pool.GetSource(image).GetManifestAsync(digest, Work);
        var destination = _stores.Pool.GetDestination(image);
        await new BundleWriter(destination, (IReferrerStore)destination).AddAsync(manifest, key ?? Key, Work);
    }

    /// <summary>The signatures that are attached to a manifest.</summary>
    internal async Task<IReadOnlyList<FoundSignature>> AttachedAsync(string place, string digest) => (await _stores.ReadAsync(place, digest)).Signatures;

    internal async Task<int> BundlesAsync(string place, string digest) =>
        (await _stores.Pool.Signatures.ReadReferrersAsync(ImageLocation.Parse(place), Digest.Parse(digest), Work)).Count;

    internal Task<OciSyncResult> CopyAsync(Func<SyncRequest, SyncRequest>? change = null) => CopyAsync(From, To, change);

    internal Task<OciSyncResult> CopyAsync(string from, string to, Func<SyncRequest, SyncRequest>? change = null)
    {
        var request = Carry.Request(from, to);
        return Run.OneAsync(change is null ? request : change(request), Options);
    }

    internal async Task<OciSyncResult> SucceedAsync(string from, string to, Func<SyncRequest, SyncRequest>? change = null)
    {
        var row = await CopyAsync(from, to, change);
        Assert.True(row.Error is null, row.Error);
        return row;
    }

    internal static SyncRequest Removing(SyncRequest request) => request with { Trust = request.Trust with { RemoveSignatures = true } };

    /// <summary>Nothing was written at the destination, nor asked to be.</summary>
    internal void AssertUntouched()
    {
        Assert.Equal(0, Destination.Requests.Count("POST") + Destination.Requests.Count("PUT") + Destination.Requests.Count("PATCH"));
        Assert.Empty(Destination.TagsOf("mirror/app"));
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Destination.DisposeAsync();
        _stores.Dispose();
        Folder.Dispose();
    }

    private static WorkScope Work => WorkScope.Uncounted(TestContext.Current.CancellationToken);
}
