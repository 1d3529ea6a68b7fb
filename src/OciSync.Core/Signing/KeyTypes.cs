namespace OciSync.Core.Signing;

/// <summary>The words that <c>keyType</c> may be (containers-policy.json(5), "signedBy").</summary>
internal static class KeyTypes
{
    /// <summary>OpenPGP keys: the only one that can be satisfied.</summary>
    internal const string Gpg = "GPGKeys";

    internal static readonly IReadOnlyList<string> All = [Gpg, "signedByGPGKeys", "X509Certificates", "signedByX509CAs"];
}
