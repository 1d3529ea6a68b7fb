namespace OciSync.Testing.Images;

/// <summary>A manifest as a registry sent it.</summary>
public sealed record RawManifest(string Digest, string MediaType, byte[] Bytes);
