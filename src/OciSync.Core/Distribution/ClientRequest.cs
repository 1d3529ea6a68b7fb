namespace OciSync.Core.Distribution;

/// <summary>What a client asks, as it came over the wire: nothing in it is decoded or believed yet.</summary>
/// <param name="Method">The method (RFC 9110, 9).</param>
/// <param name="Target">The request target (RFC 9112, 3.2), with its query.</param>
internal sealed record ClientRequest(string Method, string Target)
{
    /// <summary>The <c>Host</c> header.</summary>
    internal string? Host { get; init; }

    /// <summary>The <c>Range</c> header.</summary>
    internal string? Range { get; init; }

    /// <summary>Whether there is an <c>If-Range</c> header. No validators are sent, so none can match.</summary>
    internal bool HasIfRange { get; init; }

    /// <summary>The <c>Authorization</c> header: a secret.</summary>
    internal string? Authorization { get; init; }

    /// <summary>The <c>User-Agent</c> header.</summary>
    internal string? UserAgent { get; init; }

    /// <summary>The address it came from.</summary>
    internal string Client { get; init; } = string.Empty;

    internal bool IsHead => Method == "HEAD";
}
