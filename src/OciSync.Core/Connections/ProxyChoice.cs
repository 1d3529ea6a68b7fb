using System.Net;
using OciSync.Core.Machine;
using OciSync.Core.Polyfills;
using OciSync.Core.References;

namespace OciSync.Core.Connections;

/// <summary>
/// Which proxy a URL is reached through: the one that was given for the registry, or those of the environment, or the system's. What
/// environment and system say is not for this machine itself (localhost, 127.0.0.0/8, ::1).
/// </summary>
internal sealed class ProxyChoice : IWebProxy
{
    private readonly ProxyServer? _given;
    private readonly ProxyServer? _forHttps;
    private readonly ProxyServer? _forHttp;
    private readonly IWebProxy? _system;
    private readonly string? _exceptions;
    private readonly ICredentials? _login;

    private ProxyChoice(ProxySettings? settings, MachinePlaces places)
    {
        _login = LoginOf(settings);
        if (settings?.Address is { } address)
        {
            _given = ProxyServer.Create(address, "-Proxy");
            return;
        }

        var all = Read(places, "ALL_PROXY");
        _forHttps = Read(places, "HTTPS_PROXY") ?? all;
        _forHttp = ReadHttp(places) ?? all;
        _exceptions = places.Variable("NO_PROXY") is { Length: > 0 } upper ? upper : places.Variable("no_proxy");
        _system = places.HasSystemProxy && _forHttp is null && _forHttps is null ? SystemProxy.Get() : null;
    }

    /// <summary>The login at the proxy; asked by the platform, one proxy at a time.</summary>
    public ICredentials? Credentials
    {
        get => _login ?? _given?.Login ?? (_forHttps ?? _forHttp)?.Login ?? _system?.Credentials;
        set => throw new NotSupportedException();
    }

    internal static ProxyChoice For(ProxySettings? settings, MachinePlaces places) => new(settings, places);

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => Find(destination)?.Address;

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => Find(host) is null;

    /// <summary>The proxy for a URL as it may be shown, or null.</summary>
    internal string? FindName(Uri destination) => Find(destination)?.ToString();

    internal ProxyServer? Find(Uri destination)
    {
        if (_given is not null)
        {
            return _given;
        }

        if (RegistryHost.IsLoopback(destination)
            || NoProxy.Matches(_exceptions, destination.Host, destination.Port))
        {
            return null;
        }

        if (_system is not null)
        {
            return !_system.IsBypassed(destination) && _system.GetProxy(destination) is { } address && address != destination
                ? ProxyServer.Create(address, "the system's setting")
                : null;
        }

        return destination.Scheme == "https" ? _forHttps : _forHttp;
    }

    private static ProxyServer? Read(MachinePlaces places, string name)
    {
        foreach (var variable in new[] { name, name.ToLowerInvariant() })
        {
            if (places.Variable(variable) is { Length: > 0 } text)
            {
                return ProxyServer.Parse(text, variable);
            }
        }

        return null;
    }

    // In a CGI program HTTP_PROXY is a header of the caller's choice ("httpoxy"), on Windows in any case of its letters.
    private static ProxyServer? ReadHttp(MachinePlaces places)
    {
        if (places.Variable("REQUEST_METHOD") is not { Length: > 0 })
        {
            return Read(places, "HTTP_PROXY");
        }

        return places.Variable("http_proxy") is { Length: > 0 } lower && lower != places.Variable("HTTP_PROXY") ? ProxyServer.Parse(lower, "http_proxy") : null;
    }

    private static ICredentials? LoginOf(ProxySettings? settings) =>
        settings is null ? null
        : settings.UseDefaultCredentials ? CredentialCache.DefaultCredentials
        : settings.Username is { } user ? new NetworkCredential(user, settings.Password)
        : null;
}
