using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.References;
using OciSync.Testing.Images;

namespace OciSync.Core.Tests.Transports;

/// <summary>OCI layouts as other tools write them: the test says what stands in the index.</summary>
internal sealed class LayoutBuilder
{
    private readonly SortedDictionary<string, byte[]> _files =
        new(StringComparer.Ordinal) { ["oci-layout"] = Encoding.ASCII.GetBytes("{\"imageLayoutVersion\":\"1.0.0\"}") };
    private readonly JsonArray _entries = [];

    /// <summary>The manifests and blobs of images.</summary>
    internal LayoutBuilder Add(params IEnumerable<TestImage> images)
    {
        foreach (var image in images)
        {
            image.Manifests.ToList().ForEach(m => AddBlob(m.Bytes));
            image.Blobs.Values.ToList().ForEach(AddBlob);
        }

        return this;
    }

    /// <summary>An entry of the index.</summary>
    internal LayoutBuilder Entry(TestManifest manifest, string? name = null, string? fullName = null, TestPlatform? platform = null)
    {
        var entry = new JsonObject { ["mediaType"] = manifest.MediaType, ["digest"] = manifest.Digest, ["size"] = manifest.Bytes.Length };
        var annotations = new JsonObject();
        if (name is not null)
        {
            annotations["org.opencontainers.image.ref.name"] = name;
        }

        if (fullName is not null)
        {
            annotations["io.containerd.image.name"] = fullName;
        }

        if (annotations.Count > 0)
        {
            entry["annotations"] = annotations;
        }

        if (platform is not null)
        {
            entry["platform"] = new JsonObject { ["architecture"] = platform.Architecture, ["os"] = platform.Os };
        }

        _entries.Add(entry);
        return this;
    }

    /// <summary>A further file.</summary>
    internal LayoutBuilder File(string name, byte[] content)
    {
        _files[name] = content;
        return this;
    }

    internal LayoutBuilder Without(string digest)
    {
        _files.Remove("blobs/" + digest.Replace(':', '/'));
        return this;
    }

    /// <summary>Writes it as a folder, or, where the path ends in <c>.tar</c>, as a tar file, and says how it is read.</summary>
    internal string Write(string path)
    {
        _files["index.json"] = Encoding.UTF8.GetBytes(new JsonObject { ["schemaVersion"] = 2, ["manifests"] = _entries.DeepClone() }.ToJsonString());
        if (!path.EndsWith(".tar", StringComparison.Ordinal))
        {
            foreach (var (name, content) in _files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(path, name))!);
                System.IO.File.WriteAllBytes(Path.Combine(path, name), content);
            }

            return "oci:" + path;
        }

        using var writer = new TarWriter(System.IO.File.Create(path), TarEntryFormat.Ustar);
        foreach (var (name, content) in _files)
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }

        return "oci-archive:" + path;
    }

    private void AddBlob(byte[] bytes) => _files["blobs/sha256/" + Digest.Of(bytes).Hex] = bytes;
}
