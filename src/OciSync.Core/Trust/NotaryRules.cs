using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Signing.Notary;
using OciSync.Core.Text;

namespace OciSync.Core.Trust;

/// <summary>Whose signatures of the Notary Project count, by a trust policy and its certificates.</summary>
/// <param name="folder">The folder that has both.</param>
internal sealed class NotaryRules(string folder)
{
    private readonly NotaryStore _store = NotaryStore.Load(folder);

    /// <summary>Judges a manifest by its signatures; null where it has none and some are wanted.</summary>
    /// <param name="image">The image, whose repository decides what holds.</param>
    /// <param name="manifest">The digest of the manifest.</param>
    /// <param name="found">What speaks of it.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="OciException">A trusted certificate can't be read.</exception>
    internal TrustVerdict? Judge(ImageLocation image, Digest manifest, IReadOnlyList<FoundSignature> found, DateTimeOffset now)
    {
        var repository = image.Image is { } reference ? $"{reference.Registry}/{reference.Repository}" : string.Empty;
        if (_store.Find(repository) is not var (statement, verifier))
        {
            return new TrustVerdict(TrustStatus.Untrusted, $"the trust policy says nothing of '{Printable.Text(repository)}'");
        }

        var proofs = found.Where(f => f.Kind == SignatureKind.Notary).Select(f => verifier.Check(f, manifest, now)).ToList();
        if (proofs.Find(p => p.Refusal is null) is { } good)
        {
            var told = good.Warnings.Count == 0 ? string.Empty : $"; told and not enforced: {string.Join("; ", good.Warnings)}";
            return new TrustVerdict(TrustStatus.Trusted, $"signed as the trust policy '{Printable.Text(statement.Name)}' ({statement.Level}) wants{told}")
            {
                Signers = [good.Signer!],
            };
        }

        return proofs.Count == 0 ? null : new TrustVerdict(
            proofs.TrueForAll(p => p.IsUnsupported) ? TrustStatus.Unknown : TrustStatus.Untrusted,
            (proofs.Count == 1 ? "its Notary signature is not accepted: " : $"none of its {proofs.Count} Notary signatures is accepted: ")
                + string.Join("; ", proofs.Select(p => p.Refusal).Distinct(StringComparer.Ordinal)));
    }
}
