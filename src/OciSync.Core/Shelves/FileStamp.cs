namespace OciSync.Core.Shelves;

/// <summary>What tells whether a file is still the one that was read: its size and the time it was written.</summary>
internal readonly record struct FileStamp(long Size, DateTime Written)
{
    /// <summary>The stamp of a file; that of none where there is none or it can't be looked at.</summary>
    internal static FileStamp Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc) : default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever opens it is told why it can't be read.
            return default;
        }
    }
}
