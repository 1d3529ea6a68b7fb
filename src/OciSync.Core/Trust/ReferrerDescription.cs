using System.Text;
using OciSync.Core.References;
using OciSync.Core.Signing.Bundles;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Notary;
using OciSync.Core.Text;

namespace OciSync.Core.Trust;

/// <summary>What signatures that are manifests of their own say of themselves.</summary>
internal static class ReferrerDescription
{
    internal static OciSignature Of(ImageLocation image, Digest manifest, string? platform, FoundSignature signature)
    {
        var said = signature.Kind == SignatureKind.Bundle ? OfBundle(signature.Content) : OfNotary(signature);
        return new OciSignature
        {
            Reference = image.ToString(),
            Digest = manifest.ToString(),
            Platform = platform,
            Kind = signature.Kind.ToString(),
            KeyId = said.Signer is { } signer ? Printable.Text(signer) : null,
            SignedDigest = said.Digest is { } digest ? Printable.Text(digest) : null,
            Timestamp = said.Time,
            Place = signature.Place,
            Payload = said.Payload is { } payload ? Printable.Text(payload) : null,
            Fault = said.Fault is { } fault ? Printable.Line(fault) : null,
        };
    }

    private static Said OfBundle(byte[] content)
    {
        try
        {
            var bundle = SigstoreBundle.Read(content);
            var signer = bundle.Certificate is { } certificate
                ? string.Join(", ", certificate.Names.Emails.Concat(certificate.Names.Uris)) : null;
            var time = bundle.Entries.Select(e => e.Promise?.IntegratedTime).FirstOrDefault(t => t is not null);
            var subjects = bundle.Statement.Subjects;
            return new Said(signer, subjects.Count == 0 ? null : subjects[0], time, Encoding.UTF8.GetString(bundle.Envelope.Payload), null);
        }
        catch (Exception e) when (e is FormatException or BundleStepException)
        {
            return new Said(null, null, null, null, e.Message);
        }
    }

    private static Said OfNotary(FoundSignature signature)
    {
        try
        {
            var envelope = NotaryEnvelope.Read(signature.Content, signature.MediaType);
            return new Said(
                Certificate.Read(envelope.Certificates[0]).SubjectText, NotaryTarget.Read(envelope.Payload), envelope.AuthenticTime,
                Encoding.UTF8.GetString(envelope.Payload), null);
        }
        catch (FormatException e)
        {
            return new Said(null, null, null, null, e.Message);
        }
    }

    private sealed record Said(string? Signer, string? Digest, DateTimeOffset? Time, string? Payload, string? Fault);
}
