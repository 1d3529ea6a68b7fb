using OciSync.Core.Signing.Judging;
using OciSync.Core.SyncFiles;

namespace OciSync.Core.Filling;

/// <summary>An entry of a sync file, as the choice of what a folder fetches.</summary>
/// <param name="Entry">The repository, and what of it.</param>
/// <param name="Trust">Who lets its images in.</param>
public sealed record FillEntry(OciSyncEntry Entry, TrustOptions Trust);
