namespace OciSync.Core.Polyfills;

/// <summary>What the platform says of a TLS handshake in which the server asks for a certificate of ours.</summary>
internal static class ClientCertificates
{
    /// <summary>Whether it tells that the server asked for one.</summary>
#if NET
    internal const bool AreAskedForAloud = true;
#else
    internal const bool AreAskedForAloud = false;
#endif
}
