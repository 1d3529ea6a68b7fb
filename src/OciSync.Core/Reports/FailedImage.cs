using OciSync.Core.Rows;

namespace OciSync.Core.Reports;

/// <summary>An image that failed in one way, with all destinations at which it did.</summary>
/// <param name="Rows">Its rows, sorted; one at least.</param>
internal sealed record FailedImage(IReadOnlyList<OciSyncResult> Rows)
{
    /// <summary>The source; empty for what was to be pruned.</summary>
    internal string Source => Rows[0].Source;

    /// <summary>What its rows say, each text once.</summary>
    internal IReadOnlyList<string> Messages =>
        Rows.Select(r => r.Error ?? r.Reason).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
}
