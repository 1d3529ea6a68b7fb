using System.Net;
using System.Net.Sockets;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Http;

/// <summary>
/// TCP connections of one handler that are opened before a request needs them. Who connects takes one, if there is one to that place; what nobody takes is
/// closed after some seconds, before a server's patience ends. Older platforms open none.
/// </summary>
internal sealed class ReadyConnections(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);

    private readonly object _lock = new();
    private readonly List<Ready> _ready = [];
    private readonly CancellationTokenSource _end = new();
    private ITimer? _watch;

    /// <summary>Opens connections, and doesn't wait for them.</summary>
    internal void Open(string host, int port, int count)
    {
        lock (_lock)
        {
            if (_end.IsCancellationRequested || !HttpHandlers.TakesStreams)
            {
                return;
            }

            for (var i = 0; i < count; i++)
            {
                _ready.Add(new Ready(host, port, HttpHandlers.ConnectAsync(host, port, _end.Token)));
            }

            // One watch for all: what was opened before has this time anew, as all of them are for the requests that come now.
            _watch ??= time.CreateTimer(static state => ((ReadyConnections)state!).CloseAll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _watch.Change(Kept, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>A connection to a place that was opened before, or is being opened; null where there is none that is of use.</summary>
    internal async Task<Socket?> TryTakeAsync(DnsEndPoint place, CancellationToken cancellationToken)
    {
        while (TryFind(place) is { } connecting)
        {
            try
            {
                var socket = await connecting.JoinAsync(cancellationToken).ConfigureAwait(false);

                // Something to read is the server's farewell: nothing was asked yet.
                if (!socket.Poll(0, SelectMode.SelectRead))
                {
                    return socket;
                }

                socket.Dispose();
            }
            catch (SocketException)
            {
                // Whoever connects anew finds out what is wrong, and says it.
                return null;
            }
            catch (OperationCanceledException)
            {
                Close(connecting);
                cancellationToken.ThrowIfCancellationRequested();
                return null;
            }
        }

        return null;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (!_end.IsCancellationRequested)
            {
                _end.Cancel();
                _end.Dispose();
                _watch?.Dispose();
                CloseAll();
            }
        }
    }

    private Task<Socket>? TryFind(DnsEndPoint place)
    {
        lock (_lock)
        {
            var found = _ready.Find(r => r.Port == place.Port && string.Equals(r.Host, place.Host, StringComparison.OrdinalIgnoreCase));
            if (found is not null)
            {
                _ready.Remove(found);
            }

            return found?.Socket;
        }
    }

    private void CloseAll()
    {
        lock (_lock)
        {
            _ready.ForEach(r => Close(r.Socket));
            _ready.Clear();
        }
    }

    // One that is not open yet is closed when it is.
    private static void Close(Task<Socket> connecting)
    {
        connecting.Observe();
        connecting.ContinueWith(
            done => done.Result.Dispose(),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private sealed class Ready(string host, int port, Task<Socket> socket)
    {
        internal string Host => host;

        internal int Port => port;

        internal Task<Socket> Socket => socket;
    }
}
