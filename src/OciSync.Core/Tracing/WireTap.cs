using System.Net.Http;
using System.Net.Http.Headers;
using OciSync.Core.Flow;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Tracing;

/// <summary>Tells each request and its answer to a listener. Where nobody listens there is none.</summary>
internal sealed class WireTap(Action<WireEntry> tell, TimeProvider time)
{
    private static readonly string[] OfRequests = [
        "Authorization", "Accept", "Range", "Content-Range", "Content-Type", "Content-Length", "Expect", "User-Agent"];

    private static readonly string[] OfAnswers =
    [
        "Docker-Content-Digest", "Content-Type", "Content-Length", "Content-Range", "Range", "Location", "Link", "Retry-After", "WWW-Authenticate", "Allow",
        "OCI-Subject", "OCI-Filters-Applied", "OCI-Chunk-Min-Length", "Docker-Distribution-Api-Version", "Docker-RateLimit-Source", "ratelimit-limit",
        "ratelimit-remaining", "ratelimit-reset", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "Warning", "Server", "Via", "Date",
    ];

    /// <summary>The tap of a run, or null when nobody listens.</summary>
    internal static WireTap? For(EngineEvents? events, TimeProvider time) => events?.Request is { } tell ? new WireTap(tell, time) : null;

    internal long Start() => time.GetTimestamp();

    /// <summary>Tells what came of a request.</summary>
    internal void Tell(HttpRequestMessage request, long started, WireNote note, HttpResponseMessage? response, Exception? failure)
    {
        var sent = new WireSecrets(request.Headers.Authorization, note.Login);
        var duration = time.GetElapsedTime(started);
        tell(new WireEntry
        {
            Time = time.GetUtcNow() - duration,
            Method = request.Method.Method,
            Url = WireRedaction.Url(request.RequestUri!.OriginalString),
            Status = (int?)response?.StatusCode ?? 0,
            Duration = duration,
            Attempt = note.Attempt,
            Error = failure is null ? null : WireRedaction.Text(failure.Message, sent),
            RequestHeaders = Read(OfRequests, request.Headers, request.Content?.Headers, sent),
            Headers = response is null ? [] : Answers(response, sent),
        });
    }

    private static List<KeyValuePair<string, string>> Answers(HttpResponseMessage response, WireSecrets sent)
    {
        var headers = Read(OfAnswers, response.Headers, response.Content?.Headers, sent);
        var place = headers.FindIndex(h => h.Key == "Location");
        if (place >= 0 && RawHeaders.FindLocation(response) is { } location)
        {
            headers[place] = new("Location", WireRedaction.Header("Location", location, sent));
        }

        return headers;
    }

    private static List<KeyValuePair<string, string>> Read(string[] names, HttpHeaders first, HttpHeaders? second, WireSecrets sent)
    {
        var found = new List<KeyValuePair<string, string>>();
        foreach (var name in names)
        {
            // Which of the two a header belongs to is the platform's matter; asking the wrong one throws.
            var all = first.Concat(second?.AsEnumerable() ?? []).Where(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase));
            found.AddRange(all.Take(1).Select(h => new KeyValuePair<string, string>(name, WireRedaction.Header(name, string.Join(", ", h.Value), sent))));
        }

        return found;
    }
}
