using OciSync.Core.Rows;

namespace OciSync.Core.Syncing;

/// <summary>One image of a run, and all the names it gets.</summary>
/// <param name="Key">What is read, and as what.</param>
/// <param name="Pairs">Its pairs, at least one.</param>
internal sealed record ImagePairs(SourceKey Key, List<SyncPair> Pairs);
