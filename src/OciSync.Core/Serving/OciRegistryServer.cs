using System.Net;
using OciSync.Core.Distribution;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Listening;
using OciSync.Core.Polyfills;
using OciSync.Core.Shelves;

namespace OciSync.Core.Serving;

/// <summary>A running server: a folder of images that answers as a registry does, to be read.</summary>
public sealed class OciRegistryServer : IDisposable
{
    private const int MaxMessages = 100;

    private readonly RegistryServerSettings _settings;
    private readonly ServedFolder _folder;
    private readonly MirrorFill? _fill;
    private readonly RequestLog _log;
    private readonly Action<OciServedRequest> _onRequest;
    private readonly object _lock = new();
    private readonly Queue<string> _messages = new();
    private readonly TaskCompletionSource<bool> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebListener? _listener;
    private Task? _stop;

    private OciRegistryServer(
        RegistryServerSettings settings, EngineOptions options, EngineEvents events, Action<OciServedRequest> onRequest, Func<OciEngine>? createEngine)
    {
        _settings = settings;
        _folder = new ServedFolder(settings.Path, options, Told(events));
        _fill = settings.Upstream.Count == 0 ? null : new MirrorFill(settings, _folder, options, Told(events), createEngine!);
        _log = new RequestLog(options.Time);
        _onRequest = onRequest;
        StartTime = options.Time.GetLocalNow().DateTime;
        Uri = ServerNames.UriOf(settings, settings.Port);
    }

    /// <summary>Where it is reached.</summary>
    public Uri Uri { get; private set; }

    /// <summary>The port it listens on.</summary>
    public int Port => Uri.Port;

    /// <summary>What is served.</summary>
    public string Path => _settings.Path;

    /// <summary>Whether it listens.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>When it was started.</summary>
    public DateTime StartTime { get; }

    /// <summary>How many repositories were there when it last looked.</summary>
    public int Repositories { get; private set; }

    /// <summary>How many names of images were there when it last looked.</summary>
    public int Images { get; private set; }

    /// <summary>How many requests were answered.</summary>
    public long Requests => _log.Requests;

    /// <summary>How many of them failed for a reason of the server's own.</summary>
    public long Failures => _log.Failures;

    /// <summary>How many bytes of content were sent.</summary>
    public long BytesSent => _log.Bytes;

    /// <summary>The last 1000 requests, the oldest first.</summary>
    public IReadOnlyList<OciServedRequest> Log => _log.Last;

    /// <summary>The last 100 things that were worth a word: what can't be served, or could not be fetched.</summary>
    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_messages)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>Starts a server.</summary>
    /// <param name="settings">What is served, where, and to whom.</param>
    /// <param name="options">Where the time comes from.</param>
    /// <param name="events">Told of what can't be served.</param>
    /// <param name="onRequest">Told of each request when it was answered, by any thread; it must not block.</param>
    /// <param name="createEngine">Connects to the upstream registries; needed where there are any. It is called again from time to time.</param>
    /// <param name="cancellationToken">Ends the start, not the server.</param>
    /// <exception cref="OciException">The folder can't be read, or it can't be listened there.</exception>
    public static async Task<OciRegistryServer> StartAsync(
        RegistryServerSettings settings,
        EngineOptions options,
        EngineEvents events,
        Action<OciServedRequest> onRequest,
        Func<OciEngine>? createEngine,
        CancellationToken cancellationToken)
    {
        CheckAddress(settings);
        var server = new OciRegistryServer(settings, options, events, onRequest, createEngine);
        try
        {
            await server.StartAsync(events, cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Takes no more requests, and gives answers that are being sent so long to end.</summary>
    public Task StopAsync(TimeSpan patience)
    {
        lock (_lock)
        {
            return _stop ??= StopOnceAsync(patience);
        }
    }

    /// <summary>Done when the server has stopped, or the waiting is cancelled.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _stopped.Task.JoinAsync(cancellationToken);

    /// <summary>Stops it at once.</summary>
    public void Dispose() => StopAsync(TimeSpan.Zero).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override string ToString() => Uri.ToString();

    // Before anything is opened: who forgot to protect it learns it from the first try.
    private static void CheckAddress(RegistryServerSettings settings)
    {
        if (!settings.IsLoopback && settings.Certificate is null && settings.ClientLogins.Count == 0 && !settings.AllowAnonymous)
        {
            throw new OciException(
                OciErrorKind.ListenRefused,
                $"On the address {settings.Address} everyone in the network could read '{settings.Path}'. Give a -Certificate or -CertificatePath (https), "
                    + "a -ClientCredential, or say -AllowAnonymous.");
        }
    }

    private async Task StartAsync(EngineEvents events, CancellationToken cancellationToken)
    {
        await (_fill?.PrepareAsync(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        Count(await _folder.LookAsync(cancellationToken).ConfigureAwait(false));
        var responder = new Responder(_fill?.Images ?? _folder, new HostNames(ServerNames.All(_settings)), new ClientLogins(_settings.ClientLogins));
        var where = new ListenerSettings
        {
            EndPoint = new IPEndPoint(_settings.Address, _settings.Port),
            Certificate = _settings.Certificate,
            MaxConnections = _settings.MaxConnections,
        };
        _listener = await WebListener.StartAsync(where, responder.AnswerAsync, Note, Told(events).Warn, cancellationToken).ConfigureAwait(false);
        Uri = ServerNames.UriOf(_settings, _listener.Port);
        IsRunning = true;
    }

    private EngineEvents Told(EngineEvents events) => new()
    {
        Decision = events.Decision,
        Request = events.Request,
        Warning = text =>
        {
            lock (_messages)
            {
                _messages.Enqueue(text);
                _ = _messages.Count > MaxMessages ? _messages.Dequeue() : null;
            }

            events.Warning?.Invoke(text);
        },
    };

    private void Note(ClientRequest request, SentAnswer sent)
    {
        Count(_folder.Current);
        _onRequest(_log.Add(request, sent));
    }

    private void Count(Catalogue catalogue) => (Repositories, Images) = (catalogue.Names.Count, catalogue.ImageCount);

    private async Task StopOnceAsync(TimeSpan patience)
    {
        IsRunning = false;
        using var limit = new CancellationTokenSource(patience);
        if (_listener is { } listener)
        {
            await listener.StopAsync(limit.Token).ConfigureAwait(false);
            listener.Dispose();
        }

        await (_fill?.EndAsync(limit.Token) ?? Task.CompletedTask).ConfigureAwait(false);
        _fill?.Dispose();
        _folder.Dispose();
        _stopped.TrySetResult(true);
    }
}
