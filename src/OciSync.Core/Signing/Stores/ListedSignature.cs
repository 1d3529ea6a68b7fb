using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Sigstore;

namespace OciSync.Core.Signing.Stores;

/// <summary>A signature as the place where it lies lists it: told from others without being read, where the place allows that.</summary>
/// <param name="Kind">The format.</param>
/// <param name="Key">What tells it from all others, wherever it lies: the same signature has the same key in each place.</param>
/// <param name="ReadAsync">Reads all of it.</param>
internal sealed record ListedSignature(SignatureKind Kind, string Key, Func<WorkScope, Task<FoundSignature>> ReadAsync)
{
    /// <summary>It lies in a manifest of its own, which names the image as its subject.</summary>
    internal bool IsReferrer { get; init; }

    /// <summary>One that was read already.</summary>
    internal static ListedSignature Of(FoundSignature signature) => new(
        signature.Kind,
        signature.Kind == SignatureKind.Sigstore ? KeyOf(Digest.Of(signature.Content), signature.Annotations) : Digest.Of(signature.Content).ToString(),
        _ => Task.FromResult(signature));

    /// <summary>One that is a layer of an attachment.</summary>
    internal static ListedSignature Of(AttachmentSignatures store, Digest manifest, Descriptor layer) =>
        new(SignatureKind.Sigstore, KeyOf(layer.Digest, layer.Annotations), work => store.ReadAsync(manifest, layer, work));

    /// <summary>The key of a sigstore signature: its payload, and the signature over it.</summary>
    internal static string KeyOf(Digest payload, IReadOnlyDictionary<string, string> annotations) =>
        $"{payload} {(annotations.TryGetValue(SigstoreAnnotations.Signature, out var signature) ? signature : string.Empty)}";
}
