using System.Text;

namespace OciSync.Testing.Registry.Storage;

/// <summary>The folder form of the repositories: one small file for each blob link, manifest and tag.</summary>
internal sealed class RepositoryJournal(string folder)
{
    private readonly string root = Directory.CreateDirectory(Path.Combine(folder, "repositories")).FullName;

    internal void LinkBlob(string name, string digest) => Write(name, "_blobs", FileName(digest), []);

    internal void UnlinkBlob(string name, string digest) => Delete(name, "_blobs", FileName(digest));

    internal void PutManifest(string name, StoredManifest manifest, string? tag)
    {
        Write(name, "_manifests", FileName(manifest.Digest), [.. Encoding.UTF8.GetBytes(manifest.MediaType + "\n"), .. manifest.Bytes]);
        if (tag is not null)
        {
            Write(name, "_tags", tag, Encoding.UTF8.GetBytes(manifest.Digest));
        }
    }

    internal void Remove(string name, string reference, IReadOnlyList<string> tags)
    {
        Delete(name, "_manifests", FileName(reference));
        foreach (var tag in tags)
        {
            Delete(name, "_tags", tag);
        }
    }

    internal void Load(Func<string, RepositoryContent> open)
    {
        foreach (var kind in new[] { "_blobs", "_manifests", "_tags" })
        {
            foreach (var directory in new DirectoryInfo(root).EnumerateDirectories(kind, SearchOption.AllDirectories))
            {
                var name = Path.GetRelativePath(root, directory.Parent!.FullName).Replace('\\', '/');
                foreach (var file in directory.EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc))
                {
                    LoadEntry(open(name), kind, file);
                }
            }
        }
    }

    private static void LoadEntry(RepositoryContent repository, string kind, FileInfo file)
    {
        var bytes = File.ReadAllBytes(file.FullName);
        if (kind == "_blobs")
        {
            repository.LinkBlob(DigestOf(file.Name));
        }
        else if (kind == "_manifests")
        {
            var end = Array.IndexOf(bytes, (byte)'\n');
            var content = bytes[(end + 1)..];
            var mediaType = Encoding.UTF8.GetString(bytes, 0, end);
            repository.PutManifest(new StoredManifest(DigestOf(file.Name), mediaType, content, ManifestView.Parse(content)), null);
        }
        else if (repository.FindManifest(Encoding.UTF8.GetString(bytes)) is { } manifest)
        {
            repository.PutManifest(manifest, file.Name);
        }
    }

    private static string FileName(string digest) => digest.Replace(':', '-');

    private static string DigestOf(string fileName) => fileName.Replace('-', ':');

    private void Write(string name, string kind, string entry, byte[] bytes)
    {
        var directory = Directory.CreateDirectory(Path.Combine(root, name, kind));
        File.WriteAllBytes(Path.Combine(directory.FullName, entry), bytes);
    }

    private void Delete(string name, string kind, string entry)
    {
        var path = Path.Combine(root, name, kind, entry);
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
