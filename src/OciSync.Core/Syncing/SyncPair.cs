using OciSync.Core.References;

namespace OciSync.Core.Syncing;

/// <summary>One source and one name it gets.</summary>
/// <param name="Source">The image; its tag is decided.</param>
/// <param name="Destination">The full name there. Without tag and digest the image goes there by its digest.</param>
/// <param name="Input">What the user gave, for errors.</param>
public sealed record SyncPair(ImageReference Source, ImageReference Destination, string Input);
