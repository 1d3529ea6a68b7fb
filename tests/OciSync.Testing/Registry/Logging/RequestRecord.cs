using System.Diagnostics;
using System.Text.Json.Serialization;

namespace OciSync.Testing.Registry.Logging;

/// <summary>One request. It is in the log from its arrival on; status, bytes and duration fill in while it is answered.</summary>
public sealed class RequestRecord
{
    private readonly long started = Stopwatch.GetTimestamp();
    private long bytesIn;
    private long bytesOut;

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The decoded path without the query.</summary>
    public required string Path { get; init; }

    /// <summary>The query with its question mark, or an empty text.</summary>
    public required string Query { get; init; }

    /// <summary>The scheme of the Authorization header ("Basic", "Bearer"), or null.</summary>
    public string? AuthorizationScheme { get; init; }

    /// <summary>The Cookie header.</summary>
    public string? Cookie { get; init; }

    /// <summary>The User-Agent header.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The Accept header, all values joined.</summary>
    public string? Accept { get; init; }

    /// <summary>The Range header.</summary>
    public string? Range { get; init; }

    /// <summary>The HTTP version, as "HTTP/1.1".</summary>
    public string? Protocol { get; init; }

    /// <summary>Tells connections apart.</summary>
    public string? ConnectionId { get; init; }

    /// <summary>When the request arrived.</summary>
    public DateTimeOffset Start { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>Who was recognised; null for anonymous.</summary>
    public string? User { get; internal set; }

    /// <summary>The status sent, 0 as long as there is none, 499 when the client went before one was sent.</summary>
    public int Status { get; internal set; }

    /// <summary>True when the connection ended before the answer was complete.</summary>
    public bool Aborted { get; internal set; }

    /// <summary>An unforeseen exception of the registry itself, which was answered with 500.</summary>
    public string? Failure { get; internal set; }

    /// <summary>Null as long as the request is active.</summary>
    public TimeSpan? Duration { get; private set; }

    /// <summary>Bytes of the request's body that were read.</summary>
    public long BytesIn => Interlocked.Read(ref bytesIn);

    /// <summary>Bytes of the answer's body that were written.</summary>
    public long BytesOut => Interlocked.Read(ref bytesOut);

    /// <summary>True while the request is being answered.</summary>
    [JsonIgnore]
    public bool IsActive => Duration is null;

    /// <inheritdoc />
    public override string ToString() => $"{Method} {Path}{Query} -> {Status}{(Aborted ? " (aborted)" : "")}";

    internal void CountIn(int count) => Interlocked.Add(ref bytesIn, count);

    internal void CountOut(int count) => Interlocked.Add(ref bytesOut, count);

    internal void Complete() => Duration = Stopwatch.GetElapsedTime(started);
}
