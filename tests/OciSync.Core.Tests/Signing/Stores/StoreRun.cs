using System.Text;
using OciSync.Core.Connections;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.Machine;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Stores;
using OciSync.Testing;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Signing.Stores;

/// <summary>A run that reads signatures, on a machine of its own: its home and its registries.d are in a temporary folder.</summary>
internal sealed class StoreRun : IDisposable
{
    internal static readonly Digest Manifest = Digest.Of("a manifest"u8.ToArray());

    private RegistryPool? _pool;

    internal TempFolder Folder { get; } = new();

    internal RegistrySessions Sessions { get; } = new();

    internal TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(20);

    internal string RegistriesConfig { get; set; } = string.Empty;

    internal string Home => Folder["home"];

    internal EngineOptions Options => new()
    {
        MaximumRetryCount = 2,
        RetryInterval = TimeSpan.FromMilliseconds(5),
        StallTimeout = Stall,
        Places = new MachinePlaces(),
        Environment = new UserEnvironment(_ => null, Home, OperatingSystem.IsWindows(), OperatingSystem.IsLinux()),
        RegistriesDirectoryPath = Directory.Exists(Folder["registries.d"]) ? Folder["registries.d"] : null,
    };

    private RegistryPool Pool => _pool ??= new RegistryPool(
        Options,
        EngineEvents.None,
        Core.Connections.RegistriesConfig.Parse(RegistriesConfig, "registries.conf"),
        Sessions,
        [],
        token => new CredentialFinder([], EngineEvents.None, token),
        TestContext.Current.CancellationToken);

    internal SignatureStores Stores => Pool.Signatures;

    internal StoreRun Say(string yaml, string file = "a.yaml")
    {
        Directory.CreateDirectory(Folder["registries.d"]);
        File.WriteAllText(Path.Combine(Folder["registries.d"], file), yaml);
        return this;
    }

    /// <summary>Signatures below a base, one file for each.</summary>
    internal void Put(string folder, string repository, params byte[][] signatures)
    {
        for (var i = 0; i < signatures.Length; i++)
        {
            PutAs(folder, repository, i + 1, signatures[i]);
        }
    }

    /// <summary>A signature below a base, with its number.</summary>
    internal void PutAs(string folder, string repository, int number, byte[] signature)
    {
        var place = Directory.CreateDirectory(Path.Combine(Folder[folder], $"{repository}@sha256={Manifest.Hex}")).FullName;
        File.WriteAllBytes(Path.Combine(place, $"signature-{number}"), signature);
    }

    internal string UriOf(string folder) => new Uri(Folder[folder]).AbsoluteUri;

    internal Task<StoredSignatures> ReadAsync(string image, Digest? manifest = null, SignatureKind? only = null) =>
        Pool.Signatures.ReadAsync(
            ImageLocation.Parse(image), manifest ?? Manifest, WorkScope.Uncounted(TestContext.Current.CancellationToken), only);

    /// <summary>The last bytes of the signatures that are found.</summary>
    internal async Task<string> FindAsync(string image, Digest? manifest = null) =>
        string.Join(",", (await ReadAsync(image, manifest)).Signatures.Select(s => s.Content[^1]));

    /// <summary>Something that begins like a signature, and ends with a number.</summary>
    internal static byte[] Signature(byte number) => [0xA3, 1, number];

    /// <summary>A server that answers by the path it is asked for; 404 for all that the answers leave out.</summary>
    internal static RawServer Serve(Func<string, string, byte[]?> answer, params string[] greeting) => RawServer.Start(
        async (head, stream, token) =>
        {
            await stream.WriteAsync(answer(head.Split(' ')[1], head) ?? RawServer.Head(404, "Content-Length: 0"), token);
        },
        greeting);

    internal static byte[] Ok(byte[] body) => [.. RawServer.Head(200, $"Content-Length: {body.Length}"), .. body];

    internal static byte[] Ok(string body) => Ok(Encoding.UTF8.GetBytes(body));

    public void Dispose()
    {
        _pool?.Dispose();
        Folder.Dispose();
    }
}
