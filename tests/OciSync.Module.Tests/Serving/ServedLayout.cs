using System.Text.Json.Nodes;
using OciSync.Testing;
using OciSync.Testing.Images;

namespace OciSync.Module.Tests.Serving;

/// <summary>An OCI layout on the disk, to be served.</summary>
internal sealed class ServedLayout : IDisposable
{
    private readonly TempFolder _folder = new();

    internal ServedLayout(params IReadOnlyList<(string Name, TestImage Image)> images)
    {
        Directory.CreateDirectory(Path.Combine(Root, "blobs/sha256"));
        File.WriteAllText(Path.Combine(Root, "oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        var entries = new JsonArray();
        foreach (var (name, image) in images)
        {
            image.Manifests.ToList().ForEach(m => File.WriteAllBytes(BlobPath(m.Digest), m.Bytes));
            image.Blobs.ToList().ForEach(b => File.WriteAllBytes(BlobPath(b.Key), b.Value));
            entries.Add((JsonNode)new JsonObject
            {
                ["mediaType"] = image.Root.MediaType,
                ["digest"] = image.Digest,
                ["size"] = image.Root.Bytes.Length,
                ["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = name },
            });
        }

        File.WriteAllText(Path.Combine(Root, "index.json"), new JsonObject { ["schemaVersion"] = 2, ["manifests"] = entries }.ToJsonString());
    }

    internal string Root => _folder["mirror"];

    internal string this[string name] => _folder[name];

    internal string BlobPath(string digest) => Path.Combine(Root, "blobs", digest.Replace(':', '/'));

    /// <summary>A blob of zeros but for its begin, of so many bytes.</summary>
    internal string AddBlob(long size)
    {
        var file = _folder["new"];
        using (var stream = File.Create(file))
        {
            stream.WriteByte(1);
            stream.SetLength(size);
        }

        using var whole = File.OpenRead(file);
        var digest = "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(whole));
        whole.Dispose();
        File.Move(file, BlobPath(digest));
        return digest;
    }

    public void Dispose() => _folder.Dispose();
}
