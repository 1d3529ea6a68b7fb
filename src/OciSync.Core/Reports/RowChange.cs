namespace OciSync.Core.Reports;

/// <summary>What has changed about a name since an earlier run, in the words of the page.</summary>
internal static class RowChange
{
    /// <summary>It is there, and was not in the earlier run.</summary>
    internal const string New = "New";

    /// <summary>It was not in the earlier run, and is not there either.</summary>
    internal const string Wanted = "Wanted, not there";

    /// <summary>It points to another image.</summary>
    internal const string Moved = "Moved";

    /// <summary>It was in the earlier run and is not in this one.</summary>
    internal const string Gone = "Gone";

    /// <summary>It failed in the earlier run and is in place now.</summary>
    internal const string Mended = "Mended";
}
