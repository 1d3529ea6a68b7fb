using System.Net;
using System.Net.Http;
using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.Http;
using OciSync.Core.References;

namespace OciSync.Core.Auth;

/// <summary>
/// Fetches bearer tokens (distribution, "Token Authentication Specification" by GET, "Oauth2 Token Authentication" by POST).
/// A realm is checked before a credential goes to it.
/// </summary>
internal sealed class TokenClient(string registry, HttpTransport transport, RetryPolicy retry, TimeProvider time)
{
    private const string ClientId = "ocisync";
    private const int MaxAnswer = 1024 * 1024;
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(60);

    internal Task<Token> FetchAsync(Challenge challenge, IReadOnlyList<string> scopes, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        var realm = CheckRealm(challenge);
        return retry.RunAsync(token => FetchOnceAsync(realm, challenge.Service, scopes, credential, token), null, cancellationToken);
    }

    private async Task<Token> FetchOnceAsync(
        Uri realm, string? service, IReadOnlyList<string> scopes, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        if (credential is { IsIdentityToken: true })
        {
            return await SendAsync(() => Post(realm, service, scopes, credential), credential, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await SendAsync(() => Get(realm, service, scopes, credential), credential, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (credential is not null && e.StatusCode is 404 or 405)
        {
            return await SendAsync(() => Post(realm, service, scopes, credential!), credential, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Token> SendAsync(Func<HttpRequestMessage> create, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        using var request = create();
        using var answer = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var body = await answer.ReadAllAsync(MaxAnswer).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.OK)
        {
            return Read(body);
        }

        throw Refuse(answer, body, credential);
    }

    private OciException Refuse(HttpAnswer answer, byte[] body, RegistryCredential? credential)
    {
        var status = (int)answer.Status;
        if (status is 401 or 403 || (status == 400 && credential is not null))
        {
            return RegistryFailure.Unauthorized(registry, credential, status);
        }

        return RegistryFailure.From(answer, body, new RequestContext("get a token for", registry, null, null));
    }

    private static HttpRequestMessage Get(Uri realm, string? service, IReadOnlyList<string> scopes, RegistryCredential? credential)
    {
        var query = new List<string>();
        if (service is { Length: > 0 })
        {
            query.Add("service=" + Uri.EscapeDataString(service));
        }

        query.AddRange(scopes.Select(scope => "scope=" + Uri.EscapeDataString(scope)));
        if (credential is not null)
        {
            query.Add("account=" + Uri.EscapeDataString(credential.Username));
        }

        var text = realm.OriginalString;
        var separator = query.Count == 0 ? string.Empty : text.Contains("?") ? "&" : "?";
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(text + separator + string.Join("&", query)));
        request.Headers.Authorization = credential is null ? null : Authenticator.Basic(credential);
        return request;
    }

    private static HttpRequestMessage Post(Uri realm, string? service, IReadOnlyList<string> scopes, RegistryCredential credential)
    {
        var form = new Dictionary<string, string>
        {
            ["client_id"] = ClientId,
            ["service"] = service ?? string.Empty,
            ["scope"] = string.Join(" ", scopes),
            ["grant_type"] = credential.IsIdentityToken ? "refresh_token" : "password",
        };
        if (credential.IsIdentityToken)
        {
            form["refresh_token"] = credential.Secret;
        }
        else
        {
            form["username"] = credential.Username;
            form["password"] = credential.Secret;
        }

        return new HttpRequestMessage(HttpMethod.Post, realm) { Content = new FormUrlEncodedContent(form) };
    }

    private Token Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var text = Text(root, "token") ?? Text(root, "access_token");
            if (text is { Length: > 0 })
            {
                var stated = root.TryGetProperty("expires_in", out var seconds) && seconds.TryGetInt32(out var value) ? value : 0;
                var life = TimeSpan.FromSeconds(Math.Max(stated, ShortestLife.TotalSeconds));
                return new Token(text, time.GetUtcNow() + TimeSpan.FromTicks(life.Ticks * 4 / 5));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new OciException(OciErrorKind.ProtocolError, $"The token server of '{registry}' answered with something that is not JSON.", e);
        }

        throw new OciException(OciErrorKind.ProtocolError, $"The token server of '{registry}' answered without a token.");
    }

    private Uri CheckRealm(Challenge challenge)
    {
        if (!Uri.TryCreate(challenge.Realm, UriKind.Absolute, out var realm) || realm.Scheme is not ("http" or "https"))
        {
            throw new OciException(OciErrorKind.ProtocolError, $"'{registry}' names no usable token server (realm '{challenge.Realm}').");
        }

        // Over plain http only to a local server of a local registry, or where the registry itself is spoken to in plain http.
        var local = RegistryHost.IsLoopback(registry);
        if (realm.Scheme == "http" && !transport.IsPlainHttp && !(local && RedirectRules.IsLocal(realm)))
        {
            throw new OciException(
                OciErrorKind.ProtocolError, $"'{registry}' names a token server without TLS ({RegistryUris.Redact(realm)}); no credential is sent there.");
        }

        return local || !RedirectRules.IsLocal(realm)
            ? realm
            : throw new OciException(
                OciErrorKind.ProtocolError, $"'{registry}' names a token server on this machine ({RegistryUris.Redact(realm)}); no credential is sent there.");
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
