using System.Net.Http;
using OciSync.Core.Auth;
using OciSync.Core.Certificates;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.References;
using OciSync.Core.Tracing;

namespace OciSync.Core.Registry;

/// <summary>
/// Finds out by <c>GET /v2/</c> whether a registry is spoken to in https or http, and what it wants to be told (distribution specification, "Determining
/// Support"). https is the rule; the exceptions are in docs/adr/0005-plain-http.md.
/// </summary>
internal sealed class FirstContact(
    string host, bool insecure, ConnectionSettings settings, HttpTransport transport, Authenticator authenticator, LearnedPace pace, Distance distance,
    RunContext run)
{
    private readonly RetryPolicy _retry = new(run.Options, run.Events.Tell);
    private volatile RegistryProbe? _probe;

    /// <summary>What the registry answered; null before it did.</summary>
    internal RegistryProbe? Probe => _probe;

    /// <summary>As many attempts as it takes. <exception cref="OciException">There is no registry, or it can't be reached.</exception></summary>
    internal Task<RegistryUris> FindAsync(WorkScope work) => _retry.RunAsync(FindSchemeAsync, work);

    /// <summary>The same question once more, in one attempt. <exception cref="OciException">It isn't answered.</exception></summary>
    internal Task<RegistryUris> RepeatAsync(CancellationToken cancellationToken) => PingAsync(transport.IsPlainHttp ? "http" : "https", cancellationToken);

    private async Task<RegistryUris> FindSchemeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await FindPlainAsync(cancellationToken).ConfigureAwait(false)
                ?? await PingAsync(settings.PlainHttp ? "http" : "https", cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (IsForHttp(e))
        {
            run.Events.Tell(
                $"'{host}' does not speak TLS; as it is {(insecure ? "marked insecure in registries.conf" : "a loopback host")}, plain http is used.");
            transport.IsPlainHttp = true;
            return await PingAsync("http", cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (TransportFailure.IsNobodyThere(e))
        {
            // A first contact that fails is a wrong name or a registry that is down: said at once, not after many attempts.
            throw e.With(isTransient: false);
        }
    }

    /// <summary>
    /// Whether a registry is asked in http first (a pure function): a loopback host for which no certificate is named. Registries there rarely have TLS,
    /// and opening it takes a new process longer than all else in a small command.
    /// </summary>
    /// <param name="host">The host, with its port where it was given one: without, http and https are two servers.</param>
    /// <param name="settings">What is set for it.</param>
    internal static bool IsPlainFirst(string host, ConnectionSettings settings) =>
        RegistryHost.IsLoopback(host) && RegistryHost.Split(host).Port >= 0 && settings with { Proxy = null } == ConnectionSettings.Default;

    // Without a login. Null where that is not for us, or the answer is none of a registry.
    private async Task<RegistryUris?> FindPlainAsync(CancellationToken cancellationToken)
    {
        var uris = new RegistryUris("http", host);

        // Through a proxy an answer may be the proxy's own.
        if (!IsPlainFirst(host, settings) || transport.Proxy.FindName(uris.Base) is not null)
        {
            return null;
        }

        HttpAnswer asked;
        try
        {
            asked = await AskAsync(uris, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (e.Kind != OciErrorKind.Timeout && !TransportFailure.IsNobodyThere(e))
        {
            // It speaks TLS, or nothing that we know: the next question shows it.
            return null;
        }

        using var answer = asked;
        if ((int)answer.Status is not (200 or 401 or 429 or >= 500) || answer.Uri.Scheme != "http")
        {
            return null;
        }

        await CheckAsync(answer).ConfigureAwait(false);
        run.Events.Tell($"'{host}' is a loopback host that speaks http: plain http is used.");
        transport.IsPlainHttp = true;
        return Learn(uris, answer);
    }

    // Marked insecure, a host that listens for http alone is meant as well.
    private bool IsForHttp(OciException e) => !settings.PlainHttp
        && ((TransportFailure.IsNotTls(e) && (insecure || RegistryHost.IsLoopback(host)))
            || (insecure && TransportFailure.IsNobodyThere(e) && RegistryHost.Split(host).Port < 0));

    private async Task<RegistryUris> PingAsync(string scheme, CancellationToken cancellationToken)
    {
        var uris = new RegistryUris(scheme, host);
        using var answer = await AskAsync(uris, cancellationToken).ConfigureAwait(false);
        await CheckAsync(answer).ConfigureAwait(false);
        return Learn(uris, answer);
    }

    // An answer that says nothing of what the registry wants.
    private async Task CheckAsync(HttpAnswer answer)
    {
        if ((int)answer.Status is >= 500 or 407 or 429)
        {
            var body = await answer.ReadWordsAsync(RegistryFailure.MaxBody).ConfigureAwait(false);
            throw RegistryFailure.From(answer, body, new RequestContext(Question.Reach, host, null, null));
        }

        if ((int)answer.Status is 400 or 495 or 496
            && ClientCertificateFailure.FindInPage(
                host, transport.ClientSubject, await answer.ReadWordsAsync(RegistryFailure.MaxBody).ConfigureAwait(false)) is { } unwanted)
        {
            throw unwanted;
        }
    }

    private async Task<HttpAnswer> AskAsync(RegistryUris uris, CancellationToken cancellationToken)
    {
        await pace.TakeAsync(cancellationToken).ConfigureAwait(false);
        using var message = new HttpRequestMessage(HttpMethod.Get, uris.Base);
        var start = run.Options.Time.GetTimestamp();
        var answer = await transport.SendAsync(message, cancellationToken, note: new WireNote(_retry.Attempt, null)).ConfigureAwait(false);
        pace.Observe((int)answer.Status);
        if (_probe is null)
        {
            distance.LearnContact(run.Options.Time.GetElapsedTime(start));
        }

        return answer;
    }

    private RegistryUris Learn(RegistryUris uris, HttpAnswer answer)
    {
        var challenges = ChallengeParser.Parse(answer.Headers("WWW-Authenticate"));
        authenticator.Learn(challenges);
        _probe = new RegistryProbe(uris.Base, (int)answer.Status, challenges)
        {
            KeepsSignatures = answer.Header("X-Registry-Supports-Signatures") == "1",
        };
        return uris;
    }
}
