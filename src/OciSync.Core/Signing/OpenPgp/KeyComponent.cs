using Org.BouncyCastle.Bcpg.OpenPgp;

namespace OciSync.Core.Signing.OpenPgp;

/// <summary>A part of a key with the signatures that stand behind it: the primary key itself, a user id, or a subkey.</summary>
/// <param name="Packet">The part.</param>
internal sealed record KeyComponent(Packet Packet)
{
    /// <summary>The signatures over it, by anybody.</summary>
    internal List<SignaturePart> Signatures { get; } = [];

    /// <summary>The key, where it is one that can be read.</summary>
    internal PgpPublicKey? Key { get; init; }
}
