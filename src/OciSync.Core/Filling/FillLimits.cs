namespace OciSync.Core.Filling;

/// <summary>How much of a disk a folder that fills itself may take.</summary>
internal sealed record FillLimits
{
    /// <summary>The bytes that all blobs of the folder may have together; null for any. Beyond it what was asked for longest ago goes.</summary>
    internal long? MaximumSize { get; init; }

    /// <summary>How often the disk is looked at while something comes whose size isn't known.</summary>
    internal static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>The bytes of the disk that stay free: what would take of them is not fetched.</summary>
    internal long MinimumFree { get; init; }

    /// <summary>How long no client has to have asked before what nobody waits for is fetched.</summary>
    internal TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long that is waited for: a mirror that is asked all the time fetches the rest of an image all the same.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a client waits for what upstream says of a tag that the folder has: then it gets that, and the answer is for later ones.</summary>
    internal TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock by which these pass; null for that of the run.</summary>
    internal TimeProvider? RestClock { get; init; }

    /// <summary>How many bytes the disk of a path has free; null where that isn't told.</summary>
    internal Func<string, long?> FindFree { get; init; } = ReadFree;

    private static long? ReadFree(string path)
    {
        try
        {
            return new DriveInfo(Path.DirectorySeparatorChar == '/' ? path : Path.GetPathRoot(path)!).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A share, or a place that doesn't tell: then the disk says it when it is full.
            return null;
        }
    }
}
