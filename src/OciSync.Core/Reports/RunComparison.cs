using OciSync.Core.Rows;

namespace OciSync.Core.Reports;

/// <summary>What has changed since an earlier run, by the names at the destination.</summary>
internal sealed class RunComparison
{
    private readonly Dictionary<string, OciSyncResult> _before = new(StringComparer.Ordinal);
    private readonly List<OciSyncResult> _now;

    internal RunComparison(RunSummary now, RunSummary before)
    {
        Before = before;
        _now = [.. RunSummary.Sort(now.Rows)];
        foreach (var row in before.Rows)
        {
            _before[row.Destination] = row;
        }

        var names = new HashSet<string>(_now.Select(r => r.Destination), StringComparer.Ordinal);
        Gone = RunSummary.Sort(before.Rows.Where(r => !names.Contains(r.Destination) && r.Status != SyncStatus.Pruned));
    }

    internal RunSummary Before { get; }

    /// <summary>Names that the earlier run did not have.</summary>
    internal IReadOnlyList<OciSyncResult> New => _now.Where(IsNew).ToList();

    /// <summary>Rows of the earlier run whose names this one does not have.</summary>
    internal IReadOnlyList<OciSyncResult> Gone { get; }

    /// <summary>Names that point to another digest now, with the digest of the earlier run.</summary>
    internal IReadOnlyList<(OciSyncResult Row, string Digest)> Moved =>
        _now.Select(r => (Row: r, Digest: DigestBefore(r))).Where(m => m.Digest is not null).Select(m => (m.Row, m.Digest!)).ToList();

    /// <summary>Names that failed in the earlier run and are in place now.</summary>
    internal IReadOnlyList<OciSyncResult> Mended => _now.Where(r => RunSummary.IsInPlace(r) && HadFailed(r)).ToList();

    /// <summary>The status that the earlier run had for the same name, or null.</summary>
    internal string? StatusBefore(OciSyncResult row) => _before.TryGetValue(row.Destination, out var before) ? before.Status : null;

    /// <summary>How many of these failed in the earlier run too.</summary>
    internal int Still(IEnumerable<OciSyncResult> failed) => failed.Count(HadFailed);

    internal bool IsNew(OciSyncResult row) => row.Status != SyncStatus.Pruned && !_before.ContainsKey(row.Destination);

    /// <summary>The digest of the earlier run where it is another one than now; null where it is the same, or one of them is not known.</summary>
    internal string? DigestBefore(OciSyncResult row) =>
        RunSummary.IsInPlace(row) && row.Digest is not null && _before.TryGetValue(row.Destination, out var before) && RunSummary.IsInPlace(before)
            && before.Digest is { } digest && digest != row.Digest ? digest : null;

    private bool HadFailed(OciSyncResult row) => StatusBefore(row) is SyncStatus.Failed or SyncStatus.Cancelled;
}
