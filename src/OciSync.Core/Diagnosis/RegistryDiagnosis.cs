using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OciSync.Core.Auth;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Text;

namespace OciSync.Core.Diagnosis;

/// <summary>Goes the way to a registry step by step. After a step that fails the others are skipped.</summary>
internal sealed class RegistryDiagnosis
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    private const string Passed = "Passed";
    private const string Warning = "Warning";
    private const string Skipped = "Skipped";

    private readonly string _name;
    private readonly RegistryConnection _connection;
    private readonly RegistryClient? _client;
    private string? _source;
    private readonly Func<OciRegistryCheck, Task> _onRow;
    private readonly Stopwatch _watch = new();
    private bool _hasFailed;
    private bool _isDirect;
    private bool _isConnected;

    /// <param name="name">The registry as the user calls it.</param>
    /// <param name="connection">The registry.</param>
    /// <param name="client">The repository that is to be read, or null.</param>
    /// <param name="onRow">Told each step's outcome.</param>
    internal RegistryDiagnosis(string name, RegistryConnection connection, RegistryClient? client, Func<OciRegistryCheck, Task> onRow)
    {
        _name = name;
        _connection = connection;
        _client = client;
        _onRow = onRow;
    }

    internal async Task RunAsync(string? reference, bool push, CancellationToken cancellationToken)
    {
        await TakeAsync("Dns", false, () => ResolveAsync(cancellationToken)).ConfigureAwait(false);
        _isDirect = _connection.Proxy is null;
        if (_isDirect)
        {
            await TakeAsync("Proxy", false, () => Task.FromResult(DescribeProxy(null))).ConfigureAwait(false);
            await ConnectAsync().ConfigureAwait(false);
        }

        var (probe, failure) = _hasFailed ? (null, null) : await ProbeAsync(cancellationToken).ConfigureAwait(false);
        if (!_isDirect)
        {
            await TakeAsync("Proxy", false, () => Task.FromResult(DescribeProxy(failure))).ConfigureAwait(false);
        }

        if (!_isConnected)
        {
            await TakeAsync("Connect", false, () => Task.FromResult(DescribeConnection(failure))).ConfigureAwait(false);
        }

        await TakeAsync("Tls", false, () => Task.FromResult(DescribeTls(probe, failure))).ConfigureAwait(false);
        await TakeAsync("Api", false, () => Task.FromResult(DescribeApi(probe, failure))).ConfigureAwait(false);
        await TakeAsync("Challenge", false, () => Task.FromResult(DescribeChallenge(probe!))).ConfigureAwait(false);
        await TakeAsync("Token", true, () => AuthorizeAsync(probe!, push, cancellationToken)).ConfigureAwait(false);
        await TakeAsync("Pull", true, () => PullAsync(reference, cancellationToken)).ConfigureAwait(false);
        await TakeAsync("Push", true, () => PushAsync(push, cancellationToken)).ConfigureAwait(false);
    }

    private async Task TakeAsync(string step, bool usesLogin, Func<Task<(string Result, string Detail)>> work)
    {
        if (_hasFailed)
        {
            await _onRow(new OciRegistryCheck(_name, step, Skipped, "An earlier step failed.")).ConfigureAwait(false);
            return;
        }

        _watch.Start();
        var row = await RunAsync(step, usesLogin, work).ConfigureAwait(false);
        _watch.Reset();
        await _onRow(row).ConfigureAwait(false);
    }

    private async Task<OciRegistryCheck> RunAsync(string step, bool usesLogin, Func<Task<(string Result, string Detail)>> work)
    {
        try
        {
            var (result, detail) = await work().ConfigureAwait(false);
            return new OciRegistryCheck(_name, step, result, detail) { CredentialSource = Source(usesLogin), Duration = _watch.Elapsed };
        }
        catch (OciException e)
        {
            _hasFailed = true;
            return new OciRegistryCheck(_name, step, "Failed", e.Message)
            {
                CredentialSource = Source(usesLogin), Duration = _watch.Elapsed, ErrorId = e.ErrorId, Remedy = Remedies.For(e.Kind, _name),
            };
        }
    }

    private string? Source(bool usesLogin) => usesLogin ? _source ?? "none" : null;

    private async Task<(string Result, string Detail)> ResolveAsync(CancellationToken cancellationToken)
    {
        if (_connection.Proxy is { } proxy)
        {
            return (Skipped, $"The proxy {proxy} resolves the name.");
        }

        var host = _connection.ApiHost;
        if (IPAddress.TryParse(host.Trim('[', ']'), out _))
        {
            return (Passed, $"{host} is an address.");
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return (Passed, $"{host} is {string.Join(", ", addresses.Select(a => a.ToString()))}.");
        }
        catch (SocketException e)
        {
            throw new OciException(OciErrorKind.ConnectionFailed, $"The host name '{host}' can't be resolved: {e.Message}", e);
        }
    }

    // A server that takes the connection and is silent then is told of before the request gives up. That it takes none is for the request
    // to say: it knows of other ports and why.
    private async Task ConnectAsync()
    {
        if (_hasFailed)
        {
            return;
        }

        _watch.Start();
        _isConnected = await Listener.AcceptsAsync(_connection.FirstAddress, ConnectLimit).ConfigureAwait(false);
        if (_isConnected)
        {
            await TakeAsync("Connect", false, () => Task.FromResult((Passed, $"{_connection.Host} takes the connection."))).ConfigureAwait(false);
        }
    }

    // One request answers several steps: its time is that of the next row.
    private async Task<(RegistryProbe? Probe, OciException? Failure)> ProbeAsync(CancellationToken cancellationToken)
    {
        _watch.Start();
        try
        {
            return (await _connection.ProbeAsync(cancellationToken).ConfigureAwait(false), null);
        }
        catch (OciException e)
        {
            return (null, e);
        }
    }

    private (string Result, string Detail) DescribeProxy(OciException? failure) => _connection.Proxy is not { } proxy
        ? (Skipped, "No proxy is used.")
        : failure is { Kind: OciErrorKind.ProxyUnauthorized } or { IsOfProxy: true } ? throw failure : (Passed, $"The proxy {proxy} answers.");

    private (string Result, string Detail) DescribeConnection(OciException? failure) =>
        failure is { Kind: OciErrorKind.ConnectionFailed or OciErrorKind.Timeout } ? throw failure : (Passed, $"{_connection.Host} answers.");

    private (string Result, string Detail) DescribeTls(RegistryProbe? probe, OciException? failure)
    {
        var certificate = _connection.Certificate;
        var seen = certificate is null
            ? string.Empty
            : $"subject {certificate.Subject}, issuer {certificate.Issuer}, valid "
                + $"until {certificate.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
        if (_isConnected && failure is { Kind: OciErrorKind.ConnectionFailed or OciErrorKind.Timeout })
        {
            throw failure;
        }

        if (failure is { Kind: OciErrorKind.CertificateUntrusted or OciErrorKind.PlainHttp or OciErrorKind.ClientCertificateRefused })
        {
            throw seen.Length == 0 ? failure : failure.With(message: $"{failure.Message} Seen: {seen}.", inner: failure);
        }

        return probe?.Base.Scheme == "http" ? (Warning, "Plain http: nothing is encrypted, and logins are readable on the way.")
            : certificate is { } && _connection.SkipsCertificateCheck ? (Warning, $"The certificate is not checked: {seen}.")
            : certificate is { } soon && soon.NotAfter < _connection.Options.Time.GetLocalNow().DateTime.AddDays(14) ? (Warning, $"The certificate ends soon: {seen}.")
            : (Passed, seen.Length == 0 ? "TLS is spoken." : $"Certificate: {seen}.");
    }

    private static (string Result, string Detail) DescribeApi(RegistryProbe? probe, OciException? failure) =>
        failure is not null ? throw failure
        : probe!.Status is 200 or 401 ? (Passed, $"{probe.Base} answers {probe.Status}.")
        : throw new OciException(
            OciErrorKind.ProtocolError, $"{probe.Base} answers {probe.Status}: this is no registry of the API version 2, or not at this address.");

    private static (string Result, string Detail) DescribeChallenge(RegistryProbe probe) => probe.Challenges.Count == 0
        ? (Passed, "No login is asked for.")
        : (Passed, string.Join("; ", probe.Challenges.Select(c =>
            $"{Printable.Text(c.Scheme)} realm {Printable.Text(c.Realm ?? "-")}"
            + $"{(c.Service is { } service ? $" service {Printable.Text(service)}" : string.Empty)}"))
            + ".");

    private async Task<(string Result, string Detail)> AuthorizeAsync(RegistryProbe probe, bool push, CancellationToken cancellationToken)
    {
        var login = await _connection.FindLoginAsync(_client?.Repository ?? string.Empty, cancellationToken).ConfigureAwait(false);
        _source = login?.Place;
        var user = login?.Logins.Current.ToString() ?? "anonymous";
        if (probe.Challenges.Any(c => c.IsBearer))
        {
            var scope = _client is null ? Scope.Registry : push ? Scope.PullPush(_client.Repository) : Scope.Pull(_client.Repository);
            await _connection.AuthorizeAsync(scope, cancellationToken).ConfigureAwait(false);
            return (Passed, $"A token was given to {user}.");
        }

        if (probe.Challenges.Count == 0)
        {
            return (Skipped, "None is needed.");
        }

        await _connection.CheckLoginAsync(_client?.Repository ?? string.Empty, cancellationToken).ConfigureAwait(false);
        return (Passed, $"The login of {user} is taken.");
    }

    private async Task<(string Result, string Detail)> PullAsync(string? reference, CancellationToken cancellationToken)
    {
        if (_client is null)
        {
            return (Skipped, "No repository was given.");
        }

        var asked = reference ?? ImageReference.DefaultTag;
        var head = await _client.HeadManifestAsync(asked, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
        return head is not null ? (Passed, $"{_client.Describe(asked)} is {head.Digest}.")
            : reference is null ? (Warning, $"There is no {_client.Describe(asked)}; the registry lets us ask for it.")
            : throw _client.Missing(asked);
    }

    private async Task<(string Result, string Detail)> PushAsync(bool push, CancellationToken cancellationToken)
    {
        if (_client is null || !push)
        {
            return (Skipped, _client is null ? "No repository was given." : "Not asked for (-Push).");
        }

        await new BlobUploader(_client).ProbeAsync(cancellationToken).ConfigureAwait(false);
        return (Passed, $"An upload to {_client.DisplayName} was started and cancelled.");
    }
}
