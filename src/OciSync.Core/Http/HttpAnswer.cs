using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using OciSync.Core.AuthFiles;
using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Http;

/// <summary>A response whose headers are in and whose body is read under the stall watch.</summary>
internal sealed class HttpAnswer : IBlobContent
{
    // Whole answers, not blobs, may take so many times as long as a step.
    private const int LongestAnswer = 10;

    // So much room is made for an answer on the word of its header; for more as it comes.
    private const int MostBelieved = 16 * 1024 * 1024;

    private readonly HttpResponseMessage _response;
    private readonly StallWatch _watch;
    private readonly string _host;
    private CancellationTokenRegistration _abort;
    private Stream? _body;

    internal HttpAnswer(HttpResponseMessage response, Uri uri, StallWatch watch, string host)
    {
        _response = response;
        _watch = watch;
        _host = host;
        Uri = uri;
    }

    /// <summary>The URL that answered, after redirects.</summary>
    internal Uri Uri { get; }

    /// <summary>When the headers were in, by our clock.</summary>
    internal DateTimeOffset Received { get; init; }

    /// <summary>The header that this URL was asked with, or null.</summary>
    internal AuthenticationHeaderValue? Sent { get; init; }

    /// <summary>The login that the request is for, in whatever form it was sent, or null. A refusal that repeats it doesn't show it.</summary>
    internal RegistryCredential? Login { get; set; }

    internal HttpStatusCode Status => _response.StatusCode;

    public bool IsFromOffset => (int)Status == 206;

    public long? RangeStart => IsFromOffset ? _response.Content.Headers.ContentRange?.From : null;

    public long? RangeTotal => IsFromOffset ? _response.Content.Headers.ContentRange?.Length : null;

    public long? ContentLength => _response.Content.Headers.ContentLength;

    internal string? MediaType => RawHeaders.Find(_response.Content.Headers, "Content-Type") is { } said
        && said.Split(';')[0].Trim() is { Length: > 0 } type
        ? type.ToLowerInvariant()
        : null;

    /// <summary>A registry itself speaks, and no proxy's page: its errors are JSON, or it says of what kind it is.</summary>
    internal bool IsOfRegistry =>
        (MediaType ?? string.Empty).EndsWith("json", StringComparison.Ordinal) || Header("Docker-Distribution-Api-Version") is not null;

    /// <summary>Where the answer points, as it came; null when it says nothing.</summary>
    internal string? Location => RawHeaders.FindLocation(_response);

    /// <summary>The methods that an answer of 405 says are allowed (RFC 9110, 10.2.1).</summary>
    internal IReadOnlyCollection<string> Allow => _response.Content.Headers.Allow.ToList();

    internal string? Header(string name) =>
        RawHeaders.Find(_response.Headers, name) ?? RawHeaders.Find(_response.Content.Headers, name);

    internal IEnumerable<string> Headers(string name) => _response.Headers.TryGetValues(name, out var values) ? values : [];

    /// <summary>Reads up to <paramref name="count"/> bytes; 0 at the end of the body.</summary>
    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        _watch.ArmForMore();
        var received = 0;
        try
        {
            _body ??= await OpenAsync().ConfigureAwait(false);
            received = await _body.ReadAsync(buffer, offset, count, _watch.Token).ConfigureAwait(false);
            return received;
        }
        catch (Exception e) when (e is not OciException)
        {
            throw TransportFailure.From(e, _host, _watch, null, cancellationToken);
        }
        finally
        {
            _watch.Disarm(received);
        }
    }

    /// <summary>Reads the whole body. <exception cref="OciException">It is longer than <paramref name="limit"/> bytes, or ends early.</exception></summary>
    public async Task<byte[]> ReadAllAsync(int limit)
    {
        if (ContentLength > limit)
        {
            throw TooLong(limit);
        }

        using var body = new MemoryStream((int)Math.Min(ContentLength ?? 0, MostBelieved));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await ReadAsync(buffer, 0, buffer.Length, _watch.Token).ConfigureAwait(false)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > limit)
            {
                throw TooLong(limit);
            }

            if (_watch.Waited > TimeSpan.FromTicks(_watch.Limit.Ticks * LongestAnswer))
            {
                throw new OciException(
                    OciErrorKind.Timeout,
                    $"'{_host}' sent only {body.Length} bytes of an answer in {_watch.Waited.TotalSeconds:0.#} s (see -StallTimeoutSec).") { IsTransient =
                        true };
            }
        }

        return body.Length == body.Capacity ? body.GetBuffer() : body.ToArray();
    }

    /// <summary>
    /// What a server says of a failure: the whole body, or nothing of one that is longer than <paramref name="limit"/> bytes or doesn't come.
    /// The status says enough, and must not get lost.
    /// </summary>
    internal async Task<byte[]> ReadWordsAsync(int limit)
    {
        try
        {
            return await ReadAllAsync(limit).ConfigureAwait(false);
        }
        catch (OciException)
        {
            return [];
        }
    }

    // Older platforms' streams don't listen to a token while they wait; closing the response wakes them.
    private Task<Stream> OpenAsync()
    {
        _abort = _watch.Token.Register(_response.Dispose);
        return _response.Content.OpenStreamAsync(_watch.Token);
    }

    public void Dispose()
    {
        _abort.Dispose();
        _body?.Dispose();
        _response.Dispose();
        _watch.Dispose();
    }

    private OciException TooLong(int limit) =>
        new(OciErrorKind.ProtocolError, $"'{_host}' sent an answer of more than {limit} bytes where no such answer is expected.");
}
