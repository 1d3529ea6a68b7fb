using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Conversion;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.MirrorFiles;
using OciSync.Core.References;
using OciSync.Core.Reports;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Keys;
using OciSync.Core.Tags;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Core.Versions;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Pki;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;
using LayerCompression = OciSync.Core.Conversion.LayerCompression;

namespace OciSync.Core.Tests.ErrorIds;

/// <summary>One way to each kind of failure; each gives the id that came of it.</summary>
internal static partial class Provocations
{
    private static readonly RegistryUser Alice = new("alice", "s3cret");

    internal static readonly IReadOnlyDictionary<OciErrorKind, Func<Task<string?>>> All = new Dictionary<OciErrorKind, Func<Task<string?>>>
    {
        [OciErrorKind.ReferenceInvalid] = () => AskAsync(e => e.ListRepositoriesAsync("no registry", [], [], default)),
        [OciErrorKind.ManifestUnknown] = () => CopyAsync(tag: "nope"),
        [OciErrorKind.RepositoryUnknown] = () => CopyAsync(new RegistryOptions { Dialect = new RegistryDialect { KnownRepositories = ["b"] } }),
        [OciErrorKind.BlobUnknown] = () => CopyAsync(arrange: (source, image) => source.LoseBlob("a", image.Blobs.Keys.First())),
        [OciErrorKind.Unauthorized] = () => CopyAsync(RegistryOptions.WithBasic(Alice)),
        [OciErrorKind.Forbidden] = () => CopyAsync(RegistryOptions.WithToken(false, Alice with { CanPush = false }), login: true),
        [OciErrorKind.RateLimited] = () => CopyAsync(fault: ("HEAD", "/manifests/", FaultAction.RetryAfter(429, "86400"))),
        [OciErrorKind.ConnectionFailed] = () => AskAsync(e => e.CheckLoginAsync("no-such-host.invalid", default)),
        [OciErrorKind.CertificateUntrusted] = () => SecureAsync(trusted: false, clientWanted: false),
        [OciErrorKind.ClientCertificateRefused] = () => SecureAsync(trusted: true, clientWanted: true),
        [OciErrorKind.PlainHttp] = PlainHttpAsync,
        [OciErrorKind.ProxyUnauthorized] = () => CopyAsync(
            fault: ("HEAD", "/manifests/", FaultAction.Respond(407)),
            arrange: (s, _) => s.Faults.Add("GET", "/manifests/", FaultAction.Respond(407), times: 100)),
        [OciErrorKind.Timeout] = () => CopyAsync(fault: ("HEAD", "/manifests/", FaultAction.StallBeforeHeaders())),
        [OciErrorKind.DigestMismatch] = () => CopyAsync(fault: ("GET", "/blobs/", FaultAction.CorruptResponse())),
        [OciErrorKind.ManifestInvalid] = () => CopyAsync(fault: ("GET", "/manifests/", Json("""{"layers":[],"manifests":[]}""")),
            arrange: (s, _) => s.Faults.Add("HEAD", "/manifests/", FaultAction.Respond(405), times: 100), byInfo: true),
        [OciErrorKind.ManifestRefused] = () => CopyAsync(Refusing(new RegistryDialect { RefusedMediaTypes = ["application/vnd.oci.image.index.v1+json"] })),
        [OciErrorKind.AttestationRefused] = () => CopyAsync(Refusing(new RegistryDialect { RefuseAttestations = true })),
        [OciErrorKind.SparseIndexRefused] = () => CopyAsync(platform: "linux/amd64", keepIndex: true),
        [OciErrorKind.TagImmutable] = () => CopyAsync(Refusing(new RegistryDialect { ImmutableTags = 412 }), occupied: true),
        [OciErrorKind.TooLarge] = () => CopyAsync(Refusing(new RegistryDialect { MaxUploadBody = 10 })),
        [OciErrorKind.ServerError] = () => CopyAsync(fault: ("GET", "/blobs/", FaultAction.Respond(503))),
        [OciErrorKind.ProtocolError] = () => AskTagsAsync(Json("""{"tags":"""), "/tags/list"),
        [OciErrorKind.Unsupported] = () => AskTagsAsync(FaultAction.Respond(405), "/tags/list"),
        [OciErrorKind.CatalogueRefused] = () => AskTagsAsync(FaultAction.Respond(403), "/_catalog"),
        [OciErrorKind.PlatformUnknown] = () => CopyAsync(platform: "plan9/mips"),
        [OciErrorKind.NameCollision] = CollideAsync,
        [OciErrorKind.NamingUnsupported] = () => Task.FromResult<string?>(IdOf(() => MirrorFilePlan.Create(
            MirrorFileFormat.Containerd, "c", [new(ImageReference.Parse("a.test/b/c:1"), ImageReference.Parse("m.test/c:1"))], new MirrorOptions(), false))),
        [OciErrorKind.CredentialAmbiguous] = AmbiguousAsync,
        [OciErrorKind.ChoiceInvalid] = () => Task.FromResult<string?>(IdOf(() => new TagSelector(new TagChoice { VersionRange = ">=" }))),
        [OciErrorKind.ConfigurationInvalid] = () => Task.FromResult<string?>(IdOf(() => RegistriesConfig.Parse("[[registry]]\n", "r.conf"))),
        [OciErrorKind.PolicyInvalid] = () => Task.FromResult<string?>(IdOf(() => PolicyFiles.Parse([], "policy.json"))),
        [OciErrorKind.SignatureMissing] = () => TrustAsync("""[{"type": "sigstoreSigned", "keyPath": "policy.json"}]"""),
        [OciErrorKind.SignatureRejected] = () => TrustAsync("""[{"type": "reject"}]"""),
        [OciErrorKind.SigningKeyInvalid] = () => OpenKeyAsync("no key"),
        [OciErrorKind.PassphraseWrong] = () => OpenKeyAsync(SigningKeyFile.Write(PrivateKey.Create(), "right"u8.ToArray())),
        [OciErrorKind.SignatureLost] = LoseSignatureAsync,
        [OciErrorKind.ReportInvalid] = () => Task.FromResult<string?>(IdOf(() => ReportForms.Of("run.xml"))),
        [OciErrorKind.TransportUnsupported] = () => Task.FromResult<string?>(IdOf(() => ImageLocation.Parse("ostree:x@y"))),
        [OciErrorKind.LayoutInvalid] = () => FolderAsync(f => File.WriteAllText(f["m/index.json"], "[]"), "m"),
        [OciErrorKind.StorageFailed] = () => FolderAsync(f => File.WriteAllText(f["file"], string.Empty), "file/m"),
        [OciErrorKind.ReferrerLost] = LoseReferrerAsync,
        [OciErrorKind.SourceMoved] = () => OneAsync(r => r with { Pairs = [r.Pairs[0] with { SourceDigest = Digest.Of([]) }] }),
        [OciErrorKind.DeleteUnsupported] = () => RemoveAsync(RegistryDialects.Get("dockerhub")),
        [OciErrorKind.PruneLimitExceeded] = PruneAsync,
        [OciErrorKind.DestinationExists] = () => ArchiveAsync(from: false),
        [OciErrorKind.ListenRefused] = ListenAsync,
        [OciErrorKind.ArchiveInvalid] = () => ArchiveAsync(from: true),
        [OciErrorKind.DocumentInvalid] = () => Task.FromResult<string?>(IdOf(() => FileText.Decode([0xff, 0x80], "a.yaml", null))),
        [OciErrorKind.DaemonFailed] = DaemonAsync,
        [OciErrorKind.NotConvertible] = () => OneAsync(r => r with { Conversion = new ConversionOptions { Format = ImageFormat.Docker } }),
        [OciErrorKind.DigestNotPreserved] = () =>
            OneAsync(r => r with { Conversion = new ConversionOptions { Compression = LayerCompression.Zstd, PreserveDigest = true } }),
        [OciErrorKind.LayerInvalid] = () => LayerAsync(null, new ConversionOptions { Compression = LayerCompression.Zstd }),
        [OciErrorKind.ForeignLayerUnavailable] = () => LayerAsync("http://127.0.0.1:1/x", new ConversionOptions { IncludeForeignLayers = true }),
    };

    // A signature of a folder, and a place that takes images apart.
    private static async Task<string?> LoseSignatureAsync()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"dir:{folder["d"]}");
        File.WriteAllBytes(folder["d/signature-1"], [0xA3, 1]);
        return (await Carry.CopyAsync($"dir:{folder["d"]}", $"docker-archive:{folder["a.tar"]}:a:1")).ErrorId;
    }

    private static RegistryOptions Refusing(RegistryDialect dialect) => new() { Dialect = dialect };

    private static FaultAction Json(string body) =>
        new() { Kind = FaultKind.Respond, Status = 200, Body = body, ContentType = "application/vnd.oci.image.manifest.v1+json" };

    // An image of several platforms from one registry to another; the arrangements make one of both bad.
    private static async Task<string?> CopyAsync(
        RegistryOptions? to = null,
        string tag = "1",
        (string Method, string Path, FaultAction Action)? fault = null,
        Action<EmbeddedRegistry, TestImage>? arrange = null,
        string? platform = null,
        bool login = false,
        bool occupied = false,
        bool byInfo = false,
        bool keepIndex = false)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(to);
        var image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true });
        await source.AddAsync("a", image, "1");
        if (occupied)
        {
            await destination.AddAsync("a", ImageFactory.Create(), "1");
        }

        arrange?.Invoke(source, image);
        if (fault is { } f)
        {
            source.Faults.Add(f.Method, f.Path, f.Action, times: 1000);
        }

        if (byInfo)
        {
            return await AskAsync(e => e.FindDigestAsync(ImageReference.Parse($"{source.Address}/a:{tag}"), null, default));
        }

        var request = Run.Request([$"{source.Address}/a:{tag}"], destination.Address);
        var options = Run.Quick with
        {
            MaximumRetryCount = 1,
            StallTimeout = TimeSpan.FromSeconds(fault?.Action.Kind == FaultKind.StallBeforeHeaders ? 0.3 : 20)
        };
        request = platform is null ? request : request with { Selection = Run.Only(platform) with { KeepIndex = keepIndex } };
        return (await Run.OneAsync(request, options, login ? Run.Login(destination) : null)).ErrorId;
    }

    private static async Task<string?> AskAsync(Func<OciEngine, Task> question, RegistrySessions? sessions = null)
    {
        using var engine = Run.Engine(Run.Quick with { MaximumRetryCount = 0 }, sessions, cancellationToken: TestContext.Current.CancellationToken);
        return (await Assert.ThrowsAsync<OciException>(() => question(engine))).ErrorId;
    }

    private static async Task<string?> AskTagsAsync(FaultAction action, string path)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        source.Faults.Add("GET", path, action, times: 100);
        return await AskAsync(e => path == "/tags/list"
            ? e.ListTagsAsync(ImageReference.Parse(source.Address + "/a"), default)
            : e.ListRepositoriesAsync(source.Address, [], [], default));
    }

    private static async Task<string?> SecureAsync(bool trusted, bool clientWanted)
    {
        using var pki = TestPki.Create();
        using var folder = new TempFolder();
        pki.Write(folder.Path);
        await using var registry = await EmbeddedRegistry.StartAsync(
            new RegistryOptions { Certificate = pki.ServerCertificate, ClientAuthority = clientWanted ? pki.Authority : null, Http2 = false });
        var sessions = new RegistrySessions();
        sessions.Set(registry.Address, new ConnectionSettings { CertificatePath = trusted ? folder["ca.crt"] : null }, null);
        return await AskAsync(e => e.CheckLoginAsync(registry.Address, default), sessions);
    }

    // A mirror that is given with https and speaks http; the loopback names alone fall back to it.
    private static async Task<string?> PlainHttpAsync()
    {
        var name = System.Net.Dns.GetHostName().ToLowerInvariant();
        var addresses = await System.Net.Dns.GetHostAddressesAsync(name, System.Net.Sockets.AddressFamily.InterNetwork);
        Assert.SkipUnless(addresses.Contains(System.Net.IPAddress.Loopback), "This machine's name does not lead to 127.0.0.1.");
        await using var registry = await EmbeddedRegistry.StartAsync();
        return await AskAsync(e => e.CheckLoginAsync($"{name}:{registry.Port}", default));
    }

    private static async Task<string?> CollideAsync()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("x/a", ImageFactory.Create(), "1");
        await source.AddAsync("y/a", ImageFactory.Create(new ImageSpec { Seed = 7 }), "1");
        return (await Run.SyncAsync(Run.Request([$"{source.Address}/x/a:1", $"{source.Address}/y/a:1"], source.Address + "/to")))[0].Row.ErrorId;
    }

    private static async Task<string?> AmbiguousAsync()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["r.conf"], "[[registry]]\nprefix='a.test'\nlocation='b.test'\n");
        var logins = new Dictionary<string, RegistryCredential>
        {
            ["a.test"] = RegistryCredential.FromPassword("a", "s3cret"), ["b.test"] = RegistryCredential.FromPassword("b", "s3cret"),
        };
        return IdOf(() => new OciEngine(
            Run.Quick with { RegistriesConfigPath = folder["r.conf"] }, EngineEvents.None, new RegistrySessions(), logins, CancellationToken.None).Dispose());
    }

    private static async Task<string?> FolderAsync(Action<TempFolder> arrange, string to)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"oci:{folder["m"]}:b:1");
        arrange(folder);
        return (await Carry.CopyAsync($"{source.Address}/a:1", $"oci:{folder[to]}:a:1")).ErrorId;
    }

    private static string IdOf(Action action) => Assert.Throws<OciException>(action).ErrorId;
}
