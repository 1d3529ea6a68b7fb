using OciSync.Core.Distribution;
using OciSync.Core.Listening;
using OciSync.Core.Text;

namespace OciSync.Core.Serving;

/// <summary>The last requests of a server, so many, and counts of all.</summary>
internal sealed class RequestLog(TimeProvider time)
{
    private const int Size = 1000;

    private readonly object _lock = new();
    private readonly Queue<OciServedRequest> _last = new();

    internal long Requests { get; private set; }

    internal long Failures { get; private set; }

    internal long Bytes { get; private set; }

    internal IReadOnlyList<OciServedRequest> Last
    {
        get
        {
            lock (_lock)
            {
                return [.. _last];
            }
        }
    }

    internal OciServedRequest Add(ClientRequest request, SentAnswer sent)
    {
        var (path, query) = RegistryPath.Split(request.Target);
        var entry = new OciServedRequest
        {
            Time = time.GetUtcNow() - sent.Duration,
            Client = request.Client,
            Method = Printable.Text(request.Method),
            Path = Printable.Text(path),
            Registry = RequestQuery.Read(query).Registry,
            Range = request.Range is null ? null : Printable.Text(request.Range),
            Status = sent.Status,
            Bytes = sent.Bytes,
            IsWhole = sent.IsWhole,
            Duration = sent.Duration,
            UserAgent = request.UserAgent is null ? null : Printable.Text(request.UserAgent),
            Error = sent.Fault is null ? null : Printable.Line(sent.Fault),
        };
        lock (_lock)
        {
            Requests++;
            Failures += sent.Status >= 500 || (sent.Fault is not null && sent.Status < 400) ? 1 : 0;
            Bytes += sent.Bytes;
            if (_last.Count == Size)
            {
                _last.Dequeue();
            }

            _last.Enqueue(entry);
        }

        return entry;
    }
}
