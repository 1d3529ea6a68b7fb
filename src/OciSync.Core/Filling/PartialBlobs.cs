using OciSync.Core.Folders;
using OciSync.Core.Polyfills;
using OciSync.Core.References;

namespace OciSync.Core.Filling;

/// <summary>
/// What came of blobs whose fetch broke: kept beside the layout for a day, for the next who asks. Whoever takes one gives it a name of its own in
/// one step, so that two servers on a folder never write at the same.
/// </summary>
/// <param name="files">The folder.</param>
internal sealed class PartialBlobs(FolderFiles files)
{
    private const string End = ".tmp";

    // No name of a living process's file: those have four parts.
    private const string Kept = FolderFiles.OwnPrefix + "part-";

    /// <summary>The file for a blob, with what is there of it or empty.</summary>
    internal string Take(Digest digest)
    {
        var own = OwnFile.NameIn(files.Root, LabelOf(digest) + "." + Guid.NewGuid().ToString("N"));
        var kept = PathOf(digest);
        try
        {
            // A link would lead what is written to somewhere else.
            if (File.Exists(kept) && (File.GetAttributes(kept) & FileAttributes.ReparsePoint) == 0)
            {
                File.Move(kept, own);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else was faster: then it is fetched from its start.
            return own;
        }

        return own;
    }

    /// <summary>Keeps what came for the next who asks.</summary>
    internal void Keep(string own, Digest digest)
    {
        try
        {
            if (new FileInfo(own) is { Exists: true, Length: > 0 })
            {
                FileLinks.Replace(own, PathOf(digest));
                return;
            }

            File.Delete(own);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure before it is the one to tell; the next writer tidies up.
            return;
        }
    }

    /// <summary>Throws away what came.</summary>
    internal static void Remove(string own)
    {
        try
        {
            File.Delete(own);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As above.
            return;
        }
    }

    /// <summary>Keeps what a server that was killed has left, before the next writer tidies up.</summary>
    internal void Adopt(DateTimeOffset now)
    {
        foreach (var file in files.Exists ? files.List(FolderFiles.OwnPrefix + "*" + End) : [])
        {
            var label = Path.GetFileNameWithoutExtension(file).Split('-').Last().Split('.');
            if (label.Length == 3 && Digest.TryParse(label[0] + ":" + label[1], out var digest, out _) && OwnFile.IsAbandoned(file, now))
            {
                Keep(file, digest!);
            }
        }
    }

    private string PathOf(Digest digest) => Path.Combine(files.Root, Kept + LabelOf(digest) + End);

    private static string LabelOf(Digest digest) => digest.Algorithm + "." + digest.Hex;
}
