using Org.BouncyCastle.Bcpg.OpenPgp;

namespace OciSync.Core.Signing.OpenPgp;

/// <summary>A key that may have made a signature.</summary>
/// <param name="Key">The key itself.</param>
/// <param name="Owner">The fingerprint of the primary key that it belongs to, or is.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Fault">Why its signatures prove nothing now, as the end of a sentence about it; null when they do.</param>
internal sealed record SigningKey(PgpPublicKey Key, string Owner, DateTimeOffset Created, string? Fault);
