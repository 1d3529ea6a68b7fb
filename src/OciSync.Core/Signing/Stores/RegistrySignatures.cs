using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Stores;

/// <summary>
/// Signatures that the registry itself keeps beside images: the extension X-Registry-Supports-Signatures of OpenShift's registry. They are all
/// OpenPGP messages; entries of another version or type are none of ours.
/// </summary>
internal sealed class RegistrySignatures(RegistryClient registry) : ISignatureStore
{
    private const int Version = 2;
    private const string Type = "atomic";
    private const int MaxDepth = 16;

    public async Task<IReadOnlyList<FoundSignature>> ReadAsync(Digest manifest, WorkScope work)
    {
        var place = $"{registry.DisplayName}@{manifest}";
        return Read(await registry.ReadSignatureListAsync(manifest, work).ConfigureAwait(false), place);
    }

    /// <summary>Reads the answer of a registry.</summary>
    /// <exception cref="OciException">It is no list of signatures: <see cref="OciErrorKind.ProtocolError"/>.</exception>
    internal static IReadOnlyList<FoundSignature> Read(byte[] answer, string place)
    {
        var list = new SignatureList(OciErrorKind.ProtocolError);
        try
        {
            using var document = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = MaxDepth });
            foreach (var entry in document.RootElement.TryGetProperty("signatures", out var all) && all.ValueKind != JsonValueKind.Null
                ? all.EnumerateArray()
                : default)
            {
                if (entry.TryGetProperty("schemaVersion", out var version) && version.GetDouble() == Version
                    && entry.TryGetProperty("type", out var type) && type.GetString() == Type)
                {
                    list.Add(new FoundSignature(
                        SignatureKind.OpenPgp, entry.GetProperty("content").GetBytesFromBase64(), string.Empty, new Dictionary<string, string>(),
                        $"the registry's list of signatures of {place}"));
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new OciException(
                OciErrorKind.ProtocolError, $"What the registry calls the signatures of '{place}' is no list of signatures: {Printable.Text(e.Message)}", e);
        }

        return list.Signatures;
    }
}
