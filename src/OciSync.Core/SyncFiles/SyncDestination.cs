using OciSync.Core.Requests;

namespace OciSync.Core.SyncFiles;

/// <summary>A destination that a sync file names, with the settings it has there.</summary>
public sealed record SyncDestination(string Place)
{
    /// <summary>How images are called there; null for what the command says.</summary>
    public DestinationNaming? Naming { get; init; }

    /// <summary>Added to each tag there, or null.</summary>
    public string? AppendSuffix { get; init; }
}
