using OciSync.Core.References;

namespace OciSync.Core.Requests;

/// <summary>A tag that a plan says goes.</summary>
/// <param name="Destination">The tag with its repository.</param>
/// <param name="Digest">What it pointed to when that was planned; if it is something else by now, it stays.</param>
public sealed record SyncRemoval(ImageLocation Destination, Digest Digest);
