namespace OciSync.Core.Signing.Sigstore;

/// <summary>What lies beside a payload, by the names of cosign's signature specification.</summary>
internal static class SigstoreAnnotations
{
    /// <summary>The media type of a payload.</summary>
    internal const string PayloadType = "application/vnd.dev.cosign.simplesigning.v1+json";

    /// <summary>The signature over the bytes of the payload, base64.</summary>
    internal const string Signature = "dev.cosignproject.cosign/signature";

    /// <summary>The certificate of the signer, PEM.</summary>
    internal const string Certificate = "dev.sigstore.cosign/certificate";

    /// <summary>The certificates above it, PEM, the root last.</summary>
    internal const string Chain = "dev.sigstore.cosign/chain";

    /// <summary>What a log said of the signature, JSON.</summary>
    internal const string Bundle = "dev.sigstore.cosign/bundle";
}
