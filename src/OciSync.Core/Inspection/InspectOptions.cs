using OciSync.Core.References;

namespace OciSync.Core.Inspection;

/// <summary>How an image is inspected.</summary>
public sealed record InspectOptions
{
    /// <summary>Whose manifest of an index is shown; null: linux on this machine's architecture, else the index's first image.</summary>
    public Platform? Platform { get; init; }

    /// <summary>The repository's tags are listed as well.</summary>
    public bool IncludeTags { get; init; }
}
