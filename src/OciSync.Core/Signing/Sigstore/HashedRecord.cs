using System.Text;
using System.Text.Json;
using OciSync.Core.References;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Sigstore;

/// <summary>The entry that a log keeps of a signature: <c>hashedrekord</c> 0.0.1, with the hash of what was signed, the signature and whose it is.</summary>
/// <param name="Signature">The signature.</param>
/// <param name="Signer">The key or certificate, DER.</param>
/// <param name="Hash">SHA-256 of what was signed, hexadecimal digits.</param>
internal sealed record HashedRecord(byte[] Signature, byte[] Signer, string Hash)
{
    private const string Place = "the log's entry";
    private const string Kind = "hashedrekord";
    private const string Version = "0.0.1";

    /// <summary>Reads an entry.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    internal static HashedRecord Read(byte[] body) => StrictJson.Read(body, Place, Read);

    /// <summary>What of the entry speaks of something else than this signature, as a sentence without its end; null where nothing does.</summary>
    /// <param name="signer">The key or certificate, DER.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="payload">What was signed.</param>
    internal string? FindFault(byte[] signer, byte[] signature, byte[] payload) =>
        !signer.AsSpan().SequenceEqual(Signer) ? $"{Place} is of another key or certificate"
        : !signature.AsSpan().SequenceEqual(Signature) ? $"{Place} is of another signature"
        : !string.Equals(Digest.Of(payload).Hex, Hash, StringComparison.OrdinalIgnoreCase) ? $"{Place} is of another payload" : null;

    private static HashedRecord Read(JsonElement root)
    {
        var entry = StrictJson.Members(root, Place);
        Require(entry, "kind", Kind);
        Require(entry, "apiVersion", Version);
        var spec = Inner(entry, "spec");
        var signature = Inner(spec, "signature");
        var hash = Inner(Inner(spec, "data"), "hash");
        Require(hash, "algorithm", "sha256");
        var content = StrictJson.Bytes(Inner(signature, "publicKey").Need("content", Place), "the key of " + Place);
        var signer = PemBlock.ReadFirst(Encoding.UTF8.GetString(content), out var rest);
        return signer is null || rest.Length > 0
            ? throw new FormatException($"the key of {Place} is not one PEM block")
            : new HashedRecord(
                StrictJson.Bytes(signature.Need("content", Place), "the signature of " + Place),
                signer.Content,
                StrictJson.Text(hash.Need("value", Place), Place));
    }

    private static Dictionary<string, JsonElement> Inner(Dictionary<string, JsonElement> members, string name) =>
        StrictJson.Members(members.Need(name, Place), $"{name} of {Place}");

    private static void Require(Dictionary<string, JsonElement> members, string name, string wanted)
    {
        if (StrictJson.Text(members.Need(name, Place), $"{name} of {Place}") is var value && value != wanted)
        {
            throw new FormatException($"{name} of {Place} is '{Printable.Text(value)}', and not '{wanted}'");
        }
    }
}
