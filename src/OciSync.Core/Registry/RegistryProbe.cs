using OciSync.Core.Auth;

namespace OciSync.Core.Registry;

/// <summary>What <c>GET /v2/</c> was answered with.</summary>
internal sealed record RegistryProbe(Uri Base, int Status, IReadOnlyList<Challenge> Challenges)
{
    /// <summary>The registry keeps signatures itself (X-Registry-Supports-Signatures).</summary>
    internal bool KeepsSignatures { get; init; }
}
