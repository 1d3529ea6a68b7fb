using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.Machine;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Signing.Stores;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;

namespace OciSync.Core.Tests.Signing.Stores;

/// <summary>The stores of a run, with a folder of its own for registries.d.</summary>
internal sealed class StoreWorld : IDisposable
{
    private readonly RegistryPool _pool;

    /// <param name="settings">The text of the only file in registries.d.</param>
    /// <param name="options">Numbers that steer the work.</param>
    internal StoreWorld(string settings, EngineOptions? options = null)
    {
        Directory.CreateDirectory(Folder["registries.d"]);
        File.WriteAllText(Folder["registries.d/a.yaml"], settings);
        options = (options ?? Run.Quick) with { RegistriesDirectoryPath = Folder["registries.d"] };
        var sessions = new RegistrySessions();
        _pool = new RegistryPool(
            options, EngineEvents.None, RegistriesConfig.Load(new MachinePlaces(), null), sessions, [],
            lifetime => CredentialSources.CreateFinder(
                options, EngineEvents.None, sessions, new Dictionary<string, RegistryCredential>(), new Dictionary<string, LoginRing>(), lifetime),
            TestContext.Current.CancellationToken);
    }

    internal RegistryPool Pool => _pool;

    internal TempFolder Folder { get; } = new();

    internal Task<StoredSignatures> ReadAsync(string image, string digest) =>
        _pool.Signatures.ReadAsync(ImageLocation.Parse(image), Digest.Parse(digest), new WorkScope(null, TestContext.Current.CancellationToken));

    /// <summary>Attachments on, everywhere.</summary>
    internal static StoreWorld WithAttachments(EngineOptions? options = null) => new("default-docker:\n  use-sigstore-attachments: true\n", options);

    public void Dispose()
    {
        _pool.Dispose();
        Folder.Dispose();
    }
}
