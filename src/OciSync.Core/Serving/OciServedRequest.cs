using System.Globalization;

namespace OciSync.Core.Serving;

/// <summary>A request that a server has answered, as its log has it: without secrets and without what a terminal would act on.</summary>
public sealed class OciServedRequest
{
    internal OciServedRequest()
    {
    }

    /// <summary>When the request came.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The address it came from.</summary>
    public required string Client { get; init; }

    /// <summary>Its method.</summary>
    public required string Method { get; init; }

    /// <summary>Its path, without the query.</summary>
    public required string Path { get; init; }

    /// <summary>The registry that the client believes it asks (<c>ns</c>), or null.</summary>
    public string? Registry { get; init; }

    /// <summary>The part that is asked for (<c>Range</c>), or null.</summary>
    public string? Range { get; init; }

    /// <summary>The status code of the answer; 0 when there was none.</summary>
    public int Status { get; init; }

    /// <summary>How many bytes of content were sent.</summary>
    public long Bytes { get; init; }

    /// <summary>False when the answer broke off: the client went away, or what was read was not right.</summary>
    public bool IsWhole { get; init; }

    /// <summary>From the request to the end of the answer.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>What the client calls itself, or null.</summary>
    public string? UserAgent { get; init; }

    /// <summary>What went wrong on the server, or why it did not serve what it could have fetched; or null.</summary>
    public string? Error { get; init; }

    /// <summary>One line.</summary>
    public override string ToString() => string.Format(
        CultureInfo.InvariantCulture,
        "{0:yyyy-MM-ddTHH:mm:ss.fffZ} {1} {2} {3}{4} {5}{6} {7} bytes {8:0} ms{9}{10}",
        Time.UtcDateTime,
        Client,
        Method,
        Path,
        Registry is null ? string.Empty : " (" + Registry + ")",
        Status,
        IsWhole ? string.Empty : " broken off",
        Bytes,
        Duration.TotalMilliseconds,
        UserAgent is null ? string.Empty : " \"" + UserAgent + "\"",
        Error is null ? string.Empty : ": " + Error);
}
