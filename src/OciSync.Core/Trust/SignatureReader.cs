using System.Text;
using OciSync.Core.Flow;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.OpenPgp;
using OciSync.Core.Signing.Sigstore;
using OciSync.Core.Text;

namespace OciSync.Core.Trust;

/// <summary>The signatures that lie beside an image and its parts, with what they say of themselves.</summary>
internal static class SignatureReader
{
    private const int MostCertificates = 16;

    /// <summary>Reads them all; a note says why there may be others.</summary>
    /// <exception cref="Errors.OciException">The image can't be read, or it isn't known what signatures there are.</exception>
    internal static async Task<IReadOnlyList<OciSignature>> ReadAsync(RegistryPool pool, ImageLocation image, CancellationToken cancellationToken)
    {
        var work = WorkScope.Uncounted(cancellationToken);
        var read = await ImageReading.LoadAsync(pool, image, work).ConfigureAwait(false);
        var (all, notes) = (new List<OciSignature>(), new List<string>());
        foreach (var manifest in read.Manifests)
        {
            var found = await pool.Signatures.ReadAsync(image, manifest.Digest, work, isAsked: true).ConfigureAwait(false);
            var referrers = await pool.Signatures.ReadReferrersAsync(image, manifest.Digest, work).ConfigureAwait(false);
            all.AddRange(found.Signatures.Concat(referrers).Select(s => Describe(image, manifest.Digest, read.PlatformOf(manifest), s)));
            notes.AddRange(found.Notes);
        }

        notes.Distinct(StringComparer.Ordinal).ToList().ForEach(n => pool.Events.Tell($"'{image}': {n}."));
        if (all.Count == 0)
        {
            pool.Events.Tell($"'{image}' has no signature where it was looked for.");
        }

        return all;
    }

    private static OciSignature Describe(ImageLocation image, Digest manifest, string? platform, FoundSignature signature)
    {
        if (signature.Kind is SignatureKind.Bundle or SignatureKind.Notary)
        {
            return ReferrerDescription.Of(image, manifest, platform, signature);
        }

        var (key, created, payload, fault) = signature.Kind == SignatureKind.OpenPgp ? OfOpenPgp(signature) : OfSigstore(signature);
        string? unread = null;
        var said = payload is null ? null : SignedPayload.Read(payload, signature.Kind, out unread);
        return new OciSignature
        {
            Reference = image.ToString(),
            Digest = manifest.ToString(),
            Platform = platform,
            Kind = signature.Kind.ToString(),
            KeyId = key,
            Identity = said is null ? null : Printable.Text(said.DockerReference),
            SignedDigest = said?.Digest.ToString(),
            Creator = said?.Creator is { } creator ? Printable.Text(creator) : null,
            Timestamp = said?.Timestamp ?? created,
            Place = signature.Place,
            Payload = payload is null ? null : Printable.Text(Encoding.UTF8.GetString(payload)),
            Fault = (fault ?? unread) is { } wrong ? Printable.Line(wrong) : null,
        };
    }

    private static (string? Key, DateTimeOffset? Created, byte[]? Payload, string? Fault) OfOpenPgp(FoundSignature signature)
    {
        var said = OpenPgpVerifier.Describe(signature.Content);
        return (said.Fingerprint ?? said.KeyId, said.Created, said.Payload, said.Fault);
    }

    // A signature by a key doesn't say which; a certificate says whose it is.
    private static (string? Key, DateTimeOffset? Created, byte[]? Payload, string? Fault) OfSigstore(FoundSignature signature)
    {
        if (!signature.Annotations.TryGetValue(SigstoreAnnotations.Certificate, out var text))
        {
            return (null, null, signature.Content, null);
        }

        try
        {
            var certificate = Certificate.ReadPem(text, MostCertificates) is [var first, ..] ? first : null;
            var names = string.Join(", ", certificate?.Names.Emails ?? []);
            return (names.Length > 0 ? Printable.Text(names) : certificate?.SubjectText, null, signature.Content, null);
        }
        catch (FormatException e)
        {
            return (null, null, signature.Content, $"its certificate can't be read: {e.Message}");
        }
    }
}
