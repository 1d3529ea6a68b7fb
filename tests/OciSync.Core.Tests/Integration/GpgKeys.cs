using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>A keyring of gpg's with keys of every kind, made once for all tests that use it.</summary>
public sealed class GpgKeys : IAsyncLifetime
{
    private GnuPg? _gpg;

    /// <summary>The keys that sign as they are, by name and algorithm.</summary>
    public static IReadOnlyDictionary<string, string> Plain { get; } = new Dictionary<string, string>
    {
        ["rsa"] = "rsa2048",
        ["ed"] = "ed25519",
        ["nist"] = "nistp256",
        ["dsa"] = "dsa2048",
    };

    internal GnuPg Gpg => _gpg!;

    internal Dictionary<string, string> Fingerprints { get; } = [];

    public async ValueTask InitializeAsync()
    {
        if (GnuPg.WhyMissing is not null)
        {
            return;
        }

        _gpg = GnuPg.Start();
        foreach (var (name, algorithm) in Plain)
        {
            Fingerprints[name] = await _gpg.CreateKeyAsync($"{name}@example.test", algorithm);
        }

        // One that only certifies, with a subkey that signs.
        Fingerprints["parent"] = await _gpg.CreateKeyAsync("parent@example.test", "ed25519", "cert");
        await _gpg.RunAsync("--passphrase", "", "--quick-add-key", Fingerprints["parent"], "ed25519", "sign", "never");
    }

    public async ValueTask DisposeAsync()
    {
        if (_gpg is not null)
        {
            await _gpg.DisposeAsync();
        }
    }
}
