namespace OciSync.Core.Signing.Formats;

/// <summary>Media types of the blobs that are signatures in manifests of their own.</summary>
internal static class ReferrerTypes
{
    /// <summary>A sigstore bundle, version 0.3.</summary>
    internal const string Bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";

    /// <summary>A signature of the Notary Project as JSON (RFC 7515).</summary>
    internal const string NotaryJws = "application/jose+json";

    /// <summary>The same as CBOR (RFC 9052).</summary>
    internal const string NotaryCose = "application/cose";
}
