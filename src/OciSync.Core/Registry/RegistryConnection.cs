using System.Net;
using System.Net.Http;
using OciSync.Core.Auth;
using OciSync.Core.Certificates;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.Images;
using OciSync.Core.Logins;
using OciSync.Core.References;
using OciSync.Core.Tracing;
using OciSync.Core.Uploads;

namespace OciSync.Core.Registry;

/// <summary>
/// One registry for a whole run: its connections, its scheme and challenge (found out once, by <c>GET /v2/</c>), its tokens,
/// and how it wants blobs.
/// </summary>
internal sealed class RegistryConnection : IImageHost, IDisposable
{
    private const int MostLaggards = 2;

    private readonly HttpTransport _transport;
    private readonly HttpTransport _tokenTransport;
    private readonly Authenticator _authenticator;
    private readonly QuotaWatch _quota;
    private readonly Once<RegistryUris> _ping;
    private readonly Once<RegistryUris> _proof;
    private readonly FirstContact _firstContact;
    private readonly Circuit _circuit;
    private readonly Window _images;
    private readonly Lazy<Window> _window;
    private readonly Lazy<TransferGate> _gate;
    private readonly ConnectionSettings _settings;
    private readonly bool _insecure;
    private readonly LearnedPace _pace;
    private readonly RequestCounts _counts;
    private readonly Distance _distance = new();
    private readonly UnaskedBodies _unasked;
    private int _largeStreams;
    private int _opened;

    internal RegistryConnection(string host, bool insecure, ConnectionSettings settings, CredentialFinder credentials, RunContext run)
    {
        Host = host;
        _insecure = insecure;
        _settings = settings;
        Options = run.Options;
        Events = run.Events;
        Lifetime = run.Lifetime;
        _circuit = new Circuit(host, run.Options.Time, run.Events.Tell);
        Retry = new RetryPolicy(run.Options, run.Events.Tell, ProveAsync);
        Downloads = run.Downloads;
        Uploads = run.Uploads;
        _transport = new HttpTransport(host, settings, insecure, run.Options, run.Events) { IsPlainHttp = settings.PlainHttp };
        _tokenTransport = new HttpTransport(host, settings, insecure, run.Options, run.Events);
        var rules = new RealmRules(host, run.Options.Resolve);
        var ends = new LoginEnds(host, run.Options.Time, run.Events.Warn);
        var tokens = new TokenClient(host, _transport, _tokenTransport, Retry, rules, run.Options.Time, ends, run.Events.Tell);
        _authenticator = new Authenticator(host, credentials, tokens, ends, run.Options.Time, run.Lifetime);
        _quota = new QuotaWatch(host, _authenticator, run.Sessions, run.Events, run.Options.Time, run.Options.LongestRetryAfter);
        _ping = new Once<RegistryUris>(run.Lifetime);
        _proof = new Once<RegistryUris>(run.Lifetime);
        UploadStyle = UploadStyles.DefaultFor(host);
        Chunks = new UploadChunks(run.Options);
        BrokenUploads = run.BrokenUploads;
        PartBuffers = run.PartBuffers;
        _unasked = new UnaskedBodies(run.Options.MaximumRetryCount > 1 && Polyfills.HttpHandlers.TakesStreams);
        _pace = new LearnedPace(run.PaceOf(host), run.Options.Time);
        _firstContact = new FirstContact(host, insecure, settings, _transport, _authenticator, _pace, _distance, run);
        _counts = run.Counts;

        // Laggards queue before they hold a permit of the source.
        var key = host + (insecure ? " insecure" : string.Empty);
        LaggardGate = new TransferGate("0 " + key, MostLaggards);
        _images = run.Images;
        _window = new Lazy<Window>(() => run.Options.ConnectionsFor(host, !_authenticator.HasLogin, _distance.Nearest));
        _gate = new Lazy<TransferGate>(() => new TransferGate("1 " + key, _window.Value));
    }

    public string Host { get; }

    public EngineOptions Options { get; }

    public EngineEvents Events { get; }

    /// <summary>Cancelled when the run ends.</summary>
    public CancellationToken Lifetime { get; }

    public RetryPolicy Retry { get; }

    public BandwidthPace? Downloads { get; }

    /// <summary>The pace of what is sent to registries, or null for any.</summary>
    internal BandwidthPace? Uploads { get; }

    /// <summary>Limits the blob transfers with this registry; by then it is known whether there is a login.</summary>
    public TransferGate Gate => _gate.Value;

    /// <summary>What of the gate destinations may take that lag behind: reads for them must not take the source away from the others.</summary>
    public TransferGate LaggardGate { get; }

    public HostHealth Health { get; } = new();

    public bool IsFar => _distance.IsFar;

    /// <summary>In all of a run no more than transfers at a time: those of the first images are used again by the others.</summary>
    public void OpenAhead(int blobs)
    {
        // One is there: the registry has answered.
        var wanted = Math.Min(blobs, IsFar ? _window.Value.Limit : 0) - 1;
        for (var opened = Volatile.Read(ref _opened); opened < wanted; opened = Volatile.Read(ref _opened))
        {
            if (Interlocked.CompareExchange(ref _opened, wanted, opened) == opened)
            {
                _transport.OpenAhead(FirstAddress, wanted - opened);
            }
        }
    }

    /// <summary>How long a question and its answer take where the registry is far away; else nothing that matters.</summary>
    internal TimeSpan RoundTrip => _distance is { IsFar: true, Nearest: { } time } ? time : TimeSpan.Zero;

    /// <summary>The registry has said that it keeps the lists of referrers itself.</summary>
    internal bool KeepsReferrers { get; set; }

    /// <summary>Why this registry can't be reached in this run, where it is a mirror that is then no longer asked; or null.</summary>
    internal OciException? Outage { get; set; }

    /// <summary>Room for parts of blobs that are read ahead.</summary>
    internal PartBuffers PartBuffers { get; }

    /// <summary>Whether parts of blobs are worth asking for; false once something else than a part has come, or none.</summary>
    internal bool TakesParts { get; set; } = true;

    /// <summary>How many blobs are being read that are large enough for parts.</summary>
    internal int LargeStreams => Volatile.Read(ref _largeStreams);

    /// <summary>One more, or one less.</summary>
    internal void AddLargeStream(int count) => Interlocked.Add(ref _largeStreams, count);

    /// <summary>How many parts of blobs broke off.</summary>
    internal int BrokenParts { get; set; }

    /// <summary>How this registry wants blobs; it changes for the rest of the run when the registry refuses the way at hand.</summary>
    internal UploadStyle UploadStyle { get; set; }

    /// <summary>What this registry takes in one PATCH.</summary>
    internal UploadChunks Chunks { get; }

    /// <summary>Uploads that a later attempt, or a later run, can go on with.</summary>
    internal UploadRecords BrokenUploads { get; }

    /// <summary>The login that is used for a repository here, and where it comes from; or null.</summary>
    internal Task<FoundCredential?> FindLoginAsync(string repository, CancellationToken cancellationToken) =>
        _authenticator.FindLoginAsync(repository, cancellationToken);

    /// <summary>The host of the API: Docker Hub's has another name than the registry.</summary>
    internal string ApiHost => new RegistryUris("https", Host).Base.Host;

    internal string ApiAuthority => new RegistryUris("https", Host).Base.Authority;

    /// <summary>The proxy before this registry as it may be shown, or null.</summary>
    internal string? Proxy => _transport.Proxy.FindName(FirstAddress);

    /// <summary>Where the first request goes; some registries turn out to be at the http port instead.</summary>
    internal Uri FirstAddress => new RegistryUris(_transport.IsPlainHttp ? "http" : "https", Host).Base;

    /// <summary>What the registry's certificate said, or null.</summary>
    internal CertificateFacts? Certificate => _transport.Certificate;

    internal bool SkipsCertificateCheck => _insecure || _settings.SkipCertificateCheck;

    /// <summary>The answer to <c>GET /v2/</c>, asked for once.</summary>
    internal async Task<RegistryProbe> ProbeAsync(CancellationToken cancellationToken)
    {
        await ContactAsync(WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
        return _firstContact.Probe!;
    }

    /// <summary>Gets what a request of this scope needs to be allowed.</summary>
    internal Task AuthorizeAsync(Scope scope, CancellationToken cancellationToken) =>
        _authenticator.AuthorizeAsync(scope, WorkScope.Uncounted(cancellationToken));

    /// <summary>One attempt; the first contact and a token, which it may have to wait for, take as many as are needed.</summary>
    /// <exception cref="OciException">Any answer that is not among the accepted ones, or none.</exception>
    internal async Task<HttpAnswer> SendAsync(RegistryRequest request, WorkScope work)
    {
        _circuit.Check();
        var uris = _ping.TryGet(out var known) ? known! : await ContactAsync(work).ConfigureAwait(false);
        for (var renewals = 0; ;)
        {
            var authorization = await _authenticator.AuthorizeAsync(request.Scope, work).ConfigureAwait(false);
            _quota.Check(request, authorization.Credential);
            await _pace.TakeAsync(work.Token).ConfigureAwait(false);
            var answer = await AskAsync(request, uris, authorization, work).ConfigureAwait(false);
            var another = await _quota.TakeAsync(answer, request, authorization.Credential, work.Token).ConfigureAwait(false);
            if (AnswerRules.IsAnswer(request.Context.Question, (int)answer.Status))
            {
                return answer;
            }

            using (answer)
            {
                if ((int)answer.Status == 429 && another && !request.IsOneShot)
                {
                    continue;
                }

                var challenges = ChallengeParser.Parse(answer.Headers("WWW-Authenticate"));
                var renewed = answer.Status == HttpStatusCode.Unauthorized
                    && await _authenticator.RenewAsync(request.Scope, authorization.Header, challenges, work.Token).ConfigureAwait(false);
                if (renewed && renewals++ == 0 && !request.IsOneShot)
                {
                    continue;
                }

                throw await ReadFailureAsync(answer, request, challenges, renewed, work.Token).ConfigureAwait(false);
            }
        }
    }

    // How far away the registry is shows in requests without a body; how much it wants, in its answers to all.
    private async Task<HttpAnswer> AskAsync(RegistryRequest request, RegistryUris uris, Auth.Authorization authorization, WorkScope work)
    {
        var watch = _transport.CreateWatch(work.Token);
        using var message = request.Build(uris, watch, _unasked, IsFar);
        var start = Options.Time.GetTimestamp();
        message.Headers.Authorization = CheckTarget(uris.Base, message.RequestUri!) ? authorization.Header : null;
        var answer = await AnswerToAsync(request, message, watch, new WireNote(Retry.Attempt, authorization.Credential), work).ConfigureAwait(false);
        _circuit.Close();
        TimeSpan? distance = message.Content is null ? Options.Time.GetElapsedTime(start) : null;
        _pace.Observe((int)answer.Status);
        _images.Observe(Host, (int)answer.Status, distance, _pace.HoldsBack);

        // What has a body says nothing of the distance, but that there is room for one more.
        var nearest = _distance.Learn(distance);
        (_window.IsValueCreated ? _window.Value : null)?.Observe(Host, (int)answer.Status, nearest, _pace.HoldsBack);

        if (request.IsOfImages)
        {
            _counts.Count(Host, request.IsPull);
        }

        answer.Login = authorization.Credential;
        return answer;
    }

    // What was sent without the registry's word, and not taken, is sent once more at once, and asked for.
    private async Task<HttpAnswer> AnswerToAsync(RegistryRequest request, HttpRequestMessage message, StallWatch watch, WireNote note, WorkScope work)
    {
        var isTaken = false;
        try
        {
            var answer = await _transport.SendAsync(
                message, work.Token, watch, request.Again(watch), note).ConfigureAwait(false);
            isTaken = (int)answer.Status is >= 200 and < 300;
            return answer;
        }
        catch (OciException e) when (e.NoAnswerFrom == Host && UnaskedBodies.IsTrial(request.UnaskedSize))
        {
            throw e.With(retryAfter: TimeSpan.Zero);
        }
        finally
        {
            _unasked.End(request.UnaskedSize, isTaken);
        }
    }

    /// <summary>As many attempts as it takes, the body included, which has at most <paramref name="limit"/> bytes. The caller disposes the answer.</summary>
    internal Task<(HttpAnswer Answer, byte[] Body)> FetchAsync(RegistryRequest request, int limit, WorkScope work) => Retry.RunAsync(
        async token =>
        {
            var answer = await SendAsync(request, work.With(token)).ConfigureAwait(false);
            try
            {
                return (answer, await answer.ReadAllAsync(limit).ConfigureAwait(false));
            }
            catch (Exception)
            {
                answer.Dispose();
                throw;
            }
        },
        work);

    /// <summary>Checks that the registry answers and takes the credential at hand for a path. <exception cref="OciException">It doesn't.</exception></summary>
    internal async Task CheckLoginAsync(string path, CancellationToken cancellationToken)
    {
        var scope = Scope.Registry with { LoginPath = path };
        var request = new RegistryRequest(HttpMethod.Get, u => u.Base, scope, new RequestContext(Question.Reach, Host, null, null));
        using var answer = await SendAsync(request, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _transport.Dispose();
        _tokenTransport.Dispose();
        LaggardGate.Dispose();
        if (_gate.IsValueCreated)
        {
            _gate.Value.Dispose();
        }
    }

    // A registry may send uploads to another host: by the rules of redirects, and without our credential.
    private bool CheckTarget(Uri registry, Uri target)
    {
        if (RedirectRules.KeepsAuthorization(registry, target))
        {
            return true;
        }

        return RedirectRules.FindFault(registry, target) is { } fault
            ? throw new OciException(OciErrorKind.ProtocolError, $"An address that '{Host}' gave was not used: {fault}.")
            : false;
    }

    private async Task<OciException> ReadFailureAsync(
        HttpAnswer answer, RegistryRequest request, List<Challenge> challenges, bool renewed, CancellationToken cancellationToken)
    {
        if (answer.Status == HttpStatusCode.Unauthorized)
        {
            // A registry's 401 has a challenge (RFC 9110). Some proxies answer a wrong login of theirs with a 401, tinyproxy even with a challenge.
            var isProxy = challenges.Count == 0 || (answer.Header("Server") ?? string.Empty).StartsWith("tinyproxy", StringComparison.OrdinalIgnoreCase);
            if (isProxy && _transport.Proxy.FindName(answer.Uri) is { } proxy)
            {
                return ProxyFailure.Unauthorized(Host, proxy);
            }

            var credential = await _authenticator.FindCredentialAsync(request.Scope, cancellationToken).ConfigureAwait(false);
            if (credential is not null && challenges.Any(c => c.Error == "insufficient_scope"))
            {
                return new OciException(
                    OciErrorKind.Forbidden, $"'{credential}' may not {request.Context.Verb} '{request.Context.Target}'. Check the account's permissions there.")
                { StatusCode = 401 };
            }

            var refused = RegistryFailure.Unauthorized(Host, credential, 401);
            return request.IsOneShot && renewed ? refused.With(isTransient: true) : refused;
        }

        if (request.IsOneShot && RedirectRules.KeepsBody(answer.Status))
        {
            return RedirectedTooLate(request, (int)answer.Status);
        }

        var body = request.Method == HttpMethod.Head ? [] : await answer.ReadWordsAsync(RegistryFailure.MaxBody).ConfigureAwait(false);
        return _quota.Complete(RegistryFailure.From(answer, body, request.Context));
    }

    // The bytes are used up. The next attempt lets itself be redirected before it sends them.
    private OciException RedirectedTooLate(RegistryRequest request, int status)
    {
        var isFirst = !request.HasAskedFirst;
        _unasked.IsRefused = true;
        return new OciException(
            OciErrorKind.ProtocolError,
            $"'{Host}' redirects an upload to '{request.Context.Target}' after it has taken the bytes, and not before (Expect: 100-continue).")
        { StatusCode = status, IsTransient = isFirst, RetryAfter = isFirst ? TimeSpan.Zero : null };
    }

    private async Task<RegistryUris> ContactAsync(WorkScope work)
    {
        try
        {
            return await _ping.RunAsync(token => _firstContact.FindAsync(work.With(token)), work.Token).ConfigureAwait(false);
        }
        catch (OciException e) when (e.NoAnswerFrom == Host || e.Kind == OciErrorKind.ServerError)
        {
            _circuit.Open(e);
            throw;
        }
    }

    // A request went unanswered to its last attempt. Whether that is its own fault, or the registry's, one question shows.
    private async Task ProveAsync(OciException e, CancellationToken cancellationToken)
    {
        if (e.NoAnswerFrom != Host || _circuit.IsOpen)
        {
            return;
        }

        try
        {
            var uris = await _proof.RunAsync(_firstContact.RepeatAsync, cancellationToken).ConfigureAwait(false);
            _proof.Forget(uris);
        }
        catch (OciException down) when (down.NoAnswerFrom == Host)
        {
            _circuit.Open(down);
        }
        catch (OciException)
        {
            // It gave some answer: it is there.
        }
    }
}
