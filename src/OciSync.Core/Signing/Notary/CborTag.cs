namespace OciSync.Core.Signing.Notary;

/// <summary>A value with a number that tells what it is (RFC 8949, 3.4).</summary>
internal sealed record CborTag(long Number, object? Value);
