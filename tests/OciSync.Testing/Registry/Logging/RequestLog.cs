using System.Collections;
using Microsoft.AspNetCore.Http;

namespace OciSync.Testing.Registry.Logging;

/// <summary>All requests since the start or the last <see cref="Clear"/>, in order of arrival. Enumerating gives a snapshot.</summary>
public sealed class RequestLog : IEnumerable<RequestRecord>
{
    private readonly Lock gate = new();
    private readonly List<RequestRecord> records = [];
    private readonly HashSet<RequestRecord> active = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Requests that are being answered now.</summary>
    public int Active
    {
        get
        {
            lock (gate)
            {
                return active.Count;
            }
        }
    }

    /// <summary>A copy of the list.</summary>
    public IReadOnlyList<RequestRecord> Snapshot()
    {
        lock (gate)
        {
            return [.. records];
        }
    }

    /// <summary>How many requests had this method (null: any) and this text in their path, with the given status if there is one.</summary>
    public int Count(string? method = null, string? pathContains = null, int? status = null) =>
        Where(method, pathContains, status).Count;

    /// <summary>The requests with this method (null: any), this text in their path, and this status.</summary>
    public IReadOnlyList<RequestRecord> Where(string? method = null, string? pathContains = null, int? status = null) =>
        [.. Snapshot().Where(record =>
            (method is null || string.Equals(record.Method, method, StringComparison.OrdinalIgnoreCase))
            && (pathContains is null || record.Path.Contains(pathContains, StringComparison.Ordinal))
            && (status is null || record.Status == status))];

    /// <summary>Forgets the requests; those still active stay counted as active.</summary>
    public void Clear()
    {
        lock (gate)
        {
            records.Clear();
        }
    }

    /// <summary>Waits until no request is active.</summary>
    public Task WaitForIdleAsync(TimeSpan? timeout = null) => WaitForAsync(log => log.Active == 0, timeout);

    /// <summary>Waits until the log satisfies the condition; it is tried at every start and end of a request.</summary>
    public async Task WaitForAsync(Func<RequestLog, bool> condition, TimeSpan? timeout = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? TimeSpan.FromMinutes(1));
        while (true)
        {
            Task signal;
            lock (gate)
            {
                signal = changed.Task;
            }

            if (condition(this))
            {
                return;
            }

            try
            {
                await signal.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException("The registry did not reach the expected state. Requests:\n" + this);
            }
        }
    }

    /// <inheritdoc />
    public IEnumerator<RequestRecord> GetEnumerator() => Snapshot().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One line for each request.</summary>
    public override string ToString() => string.Join('\n', Snapshot());

    internal RequestRecord Begin(HttpContext context)
    {
        var headers = context.Request.Headers;
        var record = new RequestRecord
        {
            Method = context.Request.Method,
            Path = context.Request.Path.Value ?? "",
            Query = context.Request.QueryString.Value ?? "",
            AuthorizationScheme = headers.Authorization.ToString() is { Length: > 0 } value ? value.Split(' ')[0] : null,
            Cookie = Optional(headers.Cookie),
            UserAgent = Optional(headers.UserAgent),
            Accept = Optional(headers.Accept),
            Range = Optional(headers.Range),
            Protocol = context.Request.Protocol,
            ConnectionId = context.Connection.Id,
        };
        lock (gate)
        {
            records.Add(record);
            active.Add(record);
        }

        Signal();
        return record;
    }

    internal void End(RequestRecord record)
    {
        record.Complete();
        lock (gate)
        {
            active.Remove(record);
        }

        Signal();
    }

    private static string? Optional(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 0 ? null : values.ToString();

    private void Signal()
    {
        TaskCompletionSource previous;
        lock (gate)
        {
            previous = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        previous.SetResult();
    }
}
