using OciSync.Core.Images;

namespace OciSync.Core.Distribution;

/// <summary>An answer: status, headers, and a body that is at hand or is read while it is sent.</summary>
internal sealed class ClientAnswer(int status) : IDisposable
{
    private readonly List<KeyValuePair<string, string>> _headers = [];

    /// <summary>The status code (RFC 9110, 15).</summary>
    internal int Status => status;

    /// <summary>All headers but <c>Content-Length</c>.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Headers => _headers;

    /// <summary>How many bytes the body has; of an answer to HEAD, how many a GET would get.</summary>
    internal long Length { get; init; }

    /// <summary>A body that is at hand; null when it is read, or when there is none.</summary>
    internal byte[]? Content { get; init; }

    /// <summary>A body that is read while it is sent: exactly <see cref="Length"/> bytes of it, or the connection is cut.</summary>
    internal IBlobContent? Blob { get; init; }

    /// <summary>What went wrong, or why it is not served, for the log alone: it may name files.</summary>
    internal string? Fault { get; init; }

    internal ClientAnswer With(string name, string value)
    {
        _headers.Add(new KeyValuePair<string, string>(name, value));
        return this;
    }

    public void Dispose() => Blob?.Dispose();
}
