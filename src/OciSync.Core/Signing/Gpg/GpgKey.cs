namespace OciSync.Core.Signing.Gpg;

/// <summary>A key that gpg can sign with.</summary>
/// <param name="Fingerprint">The fingerprint of the primary key.</param>
/// <param name="PublicKey">Its public side, armoured.</param>
internal sealed record GpgKey(string Fingerprint, byte[] PublicKey);
