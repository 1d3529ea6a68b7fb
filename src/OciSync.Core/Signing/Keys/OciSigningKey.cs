using System.Text;
using OciSync.Core.Polyfills;
using OciSync.Core.Signing.Cryptography;

namespace OciSync.Core.Signing.Keys;

/// <summary>A pair of keys that signs images, in two files: the private one encrypted, as cosign and skopeo read it, and the public one, PEM.</summary>
public sealed class OciSigningKey
{
    /// <summary>The file of the private key; its owner alone can read it.</summary>
    public string PrivateKeyPath { get; private init; } = string.Empty;

    /// <summary>The file of the public key.</summary>
    public string PublicKeyPath { get; private init; } = string.Empty;

    /// <summary>The kind: ECDSA P-256.</summary>
    public string Kind { get; private init; } = string.Empty;

    /// <summary>SHA-256 of the public key, by which Test-OciSignature names a signer.</summary>
    public string Fingerprint { get; private init; } = string.Empty;

    /// <summary>The two files of a pair: <c>PREFIX.key</c> and <c>PREFIX.pub</c>.</summary>
    public static IReadOnlyList<string> PathsOf(string prefix) => [prefix + ".key", prefix + ".pub"];

    /// <summary>Makes a new pair. Files that are there stay as they are.</summary>
    /// <param name="prefix">The full path of both files, without their endings.</param>
    /// <param name="passphrase">The passphrase, UTF-8; empty for none.</param>
    /// <exception cref="IOException">One of the files is there already, or can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">One can't be written.</exception>
    public static OciSigningKey Create(string prefix, byte[] passphrase)
    {
        var paths = PathsOf(prefix);
        if (paths.FirstOrDefault(File.Exists) is { } there)
        {
            throw new IOException($"'{there}' is there already; a key is never replaced.");
        }

        if (Path.GetDirectoryName(paths[0]) is { } folder && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}' for the keys.");
        }

        var key = PrivateKey.Create();
        PrivateFiles.Write(paths[0], Encoding.ASCII.GetBytes(SigningKeyFile.Write(key, passphrase)));
        try
        {
            using var stream = new FileStream(paths[1], FileMode.CreateNew, FileAccess.Write, FileShare.None);
            var text = Encoding.ASCII.GetBytes(new PemBlock("PUBLIC KEY", key.Public.Bytes).Write());
            stream.Write(text, 0, text.Length);
        }
        catch
        {
            // A private key whose public one nobody has is of no use.
            File.Delete(paths[0]);
            throw;
        }

        return new OciSigningKey
        {
            PrivateKeyPath = paths[0], PublicKeyPath = paths[1], Kind = key.Public.Kind, Fingerprint = key.Public.Fingerprint.ToString(),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => PublicKeyPath;
}
