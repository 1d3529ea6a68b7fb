namespace OciSync.Testing.Registry.Storage;

internal sealed record StoredManifest(string Digest, string MediaType, byte[] Bytes, ManifestView View);
