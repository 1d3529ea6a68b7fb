namespace OciSync.Core.Images;

/// <summary>
/// Whether a host keeps up with others that blobs go to at the same time. Who sees that it holds them up says so, and so does who sees that it
/// answers; who decides how a host is served asks. Safe for several threads.
/// </summary>
internal sealed class HostHealth
{
    private volatile bool _isLagging;

    /// <summary>It held up others, and has not taken a blob since: it takes no part in reads that others share.</summary>
    internal bool IsLagging => _isLagging;

    /// <summary>It holds up the others that are served at the same time.</summary>
    internal void ReportLag() => _isLagging = true;

    /// <summary>It has nobody to hold up, or has taken a blob to its end.</summary>
    internal void ReportProgress() => _isLagging = false;
}
