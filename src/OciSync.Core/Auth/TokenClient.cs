using System.Collections.Concurrent;
using System.Net;
using System.Net.Http;
using OciSync.Core.AuthFiles;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.Polyfills;
using OciSync.Core.Tracing;

namespace OciSync.Core.Auth;

/// <summary>
/// Fetches bearer tokens (distribution, "Token Authentication Specification" by GET, "Oauth2 Token Authentication" by POST).
/// A realm is checked before a credential is looked up for it.
/// </summary>
/// <param name="registry">The registry.</param>
/// <param name="own">The connections with the registry's own host.</param>
/// <param name="elsewhere">Connections with a token server on another host: none of them was made without the checks for it.</param>
/// <param name="retry">Repeats what fails transiently.</param>
/// <param name="rules">Which realms are taken.</param>
/// <param name="time">Where time comes from.</param>
/// <param name="ends">Knows when logins end.</param>
/// <param name="tell">Told when a token server is found to be down, and when it answers again.</param>
internal sealed class TokenClient(
    string registry,
    HttpTransport own,
    HttpTransport elsewhere,
    RetryPolicy retry,
    RealmRules rules,
    TimeProvider time,
    LoginEnds ends,
    Action<string> tell)
{
    private const string ClientId = "ocisync";
    private const int MaxAnswer = 1024 * 1024;

    private readonly AzureExchange _azure = new(registry, ends);

    private readonly ConcurrentDictionary<string, Circuit> _circuits = new(StringComparer.Ordinal);

    /// <exception cref="OciException">No credential may go to this realm.</exception>
    internal Task CheckRealmAsync(Challenge challenge, CancellationToken cancellationToken) =>
        rules.CheckAsync(challenge.Realm, own.IsPlainHttp, cancellationToken);

    internal async Task<Token> FetchAsync(
        Challenge challenge, IReadOnlyList<string> scopes, RegistryCredential? credential, WorkScope work)
    {
        var realm = await rules.CheckAsync(challenge.Realm, own.IsPlainHttp, work.Token).ConfigureAwait(false);
        var circuit = _circuits.GetOrAdd(realm.Authority, host => new Circuit(host, time, tell));
        circuit.Check();
        try
        {
            var fetched = await retry.RunAsync(token => FetchOnceAsync(realm, challenge.Service, scopes, credential, token), work)
                .ConfigureAwait(false);
            circuit.Close();
            return fetched;
        }
        catch (OciException e) when (e.NoAnswerFrom is not null)
        {
            // Whatever repository the token was for: no attempt had an answer.
            circuit.Open(e);
            throw;
        }
    }

    private async Task<Token> FetchOnceAsync(
        Uri realm, string? service, IReadOnlyList<string> scopes, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        credential = await _azure.ExchangeAsync(credential, realm, service, r => SendAsync(r, realm, credential, cancellationToken)).ConfigureAwait(false);

        // An identity token is for the OAuth2 form, everything else for the older one; a server without the one may have the other.
        var first = credential is { IsIdentityToken: true };
        try
        {
            return await SendAsync(first ? Post : Get, realm, service, scopes, credential, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (credential is not null && AnswerRules.Of(Question.Token, e.StatusCode) == AnswerMeaning.OtherWay)
        {
            return await SendAsync(first ? Get : Post, realm, service, scopes, credential, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<byte[]> SendAsync(HttpRequestMessage request, Uri realm, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        var transport = own;
        if (rules.IsElsewhere(realm))
        {
            rules.Guard(request);
            transport = elsewhere;
        }

        using var answer = await transport.SendAsync(request, cancellationToken, note: new WireNote(retry.Attempt, credential)).ConfigureAwait(false);
        answer.Login = credential;
        var body = await answer.ReadAllAsync(MaxAnswer).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.OK ? body : throw Refuse(answer, body, credential);
    }

    private async Task<Token> SendAsync(
        Func<Uri, string?, IReadOnlyList<string>, RegistryCredential?, HttpRequestMessage> create,
        Uri realm,
        string? service,
        IReadOnlyList<string> scopes,
        RegistryCredential? credential,
        CancellationToken cancellationToken)
    {
        using var request = create(realm, service, scopes, credential);

        // A token's life is counted from here by our own clock: the server's may be wrong, and the answer takes its time.
        var asked = time.GetUtcNow();
        return TokenAnswer.Read(await SendAsync(request, realm, credential, cancellationToken).ConfigureAwait(false), asked, registry);
    }

    private OciException Refuse(HttpAnswer answer, byte[] body, RegistryCredential? credential)
    {
        var status = (int)answer.Status;
        if (status is 401 or 403 || (status == 400 && credential is not null))
        {
            return RegistryFailure.Unauthorized(registry, credential, status);
        }

        return RegistryFailure.From(answer, body, new RequestContext(Question.Token, registry, null, null));
    }

    private static HttpRequestMessage Get(Uri realm, string? service, IReadOnlyList<string> scopes, RegistryCredential? credential)
    {
        var query = new List<string>();
        if (service is { Length: > 0 })
        {
            query.Add("service=" + Uri.EscapeDataString(service));
        }

        query.AddRange(scopes.Select(scope => "scope=" + Uri.EscapeDataString(scope)));
        if (credential is { Username.Length: > 0 })
        {
            query.Add("account=" + Uri.EscapeDataString(credential.Username));
        }

        var text = realm.OriginalString;
        var separator = query.Count == 0 ? string.Empty : text.Contains("?") ? "&" : "?";
        var request = new HttpRequestMessage(HttpMethod.Get, RawUri.Create(text + separator + string.Join("&", query)));
        request.Headers.Authorization = credential is null ? null : Authenticator.Basic(credential);
        return request;
    }

    private static HttpRequestMessage Post(Uri realm, string? service, IReadOnlyList<string> scopes, RegistryCredential? credential)
    {
        credential ??= RegistryCredential.Anonymous;
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
}
