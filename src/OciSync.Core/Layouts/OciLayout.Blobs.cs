using OciSync.Core.Folders;
using OciSync.Core.References;

namespace OciSync.Core.Layouts;

/// <content>The files of a layout.</content>
internal sealed partial class OciLayout
{
    /// <summary>Makes the layout where there is none, and says to others that it is written to, until it is disposed of.</summary>
    internal Task OpenToWriteAsync(CancellationToken cancellationToken) => PrepareAsync(cancellationToken);

    /// <summary>The blobs that lie there, whoever needs them, and their sizes.</summary>
    internal IReadOnlyList<(Digest Digest, long Size)> ListBlobs()
    {
        var found = new List<(Digest, long)>();
        foreach (var algorithm in new[] { "sha256", "sha512" })
        {
            var folder = Files.PathOf("blobs/" + algorithm);
            try
            {
                foreach (var file in Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles() : [])
                {
                    if (Digest.TryParse(algorithm + ":" + file.Name, out var digest, out _))
                    {
                        found.Add((digest!, file.Length));
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw FolderFiles.Unreadable(folder, e);
            }
        }

        return found;
    }
}
