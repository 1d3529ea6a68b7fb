namespace OciSync.Core.Filling;

/// <summary>How much of a disk a folder that fills itself may take.</summary>
internal sealed record FillLimits
{
    /// <summary>The bytes that all blobs of the folder may have together; null for any. Beyond it what was asked for longest ago goes.</summary>
    internal long? MaximumSize { get; init; }

    /// <summary>The bytes of the disk that stay free: what would take of them is not fetched.</summary>
    internal long MinimumFree { get; init; }

    /// <summary>How long no client has to have asked before what nobody waits for is fetched.</summary>
    internal TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(2);
}
