using System.Net.Http.Headers;
using System.Text;
using OciSync.Core.Connections;

namespace OciSync.Core.Auth;

/// <summary>
/// The <c>Authorization</c> of one registry's requests: Basic, or a Bearer token per scope that is fetched once, shared, and renewed
/// before it expires.
/// </summary>
internal sealed class Authenticator
{
    private readonly Func<RegistryAddress, RegistryCredential?> _findCredential;
    private readonly TokenClient _tokens;
    private readonly TimeProvider _time;
    private readonly string _host;
    private readonly SingleFlight<string, Token> _flights;
    private IReadOnlyList<Challenge> _challenges = [];

    internal Authenticator(
        string host, Func<RegistryAddress, RegistryCredential?> findCredential, TokenClient tokens, TimeProvider time, CancellationToken lifetime)
    {
        _host = host;
        _findCredential = findCredential;
        _tokens = tokens;
        _time = time;
        _flights = new SingleFlight<string, Token>(lifetime);
    }

    /// <summary>Takes the challenges of a 401 answer; the first Bearer or Basic one is met from now on.</summary>
    internal void Learn(IReadOnlyList<Challenge> challenges)
    {
        if (challenges.Count > 0)
        {
            Volatile.Write(ref _challenges, challenges);
        }
    }

    /// <summary>The credential that requests to this repository use, or null for none.</summary>
    internal RegistryCredential? FindCredential(string repository)
    {
        var credential = _findCredential(new RegistryAddress(_host, repository, false));
        return credential is null || credential.IsAnonymous ? null : credential;
    }

    /// <summary>The header for a request of this scope, or null when the registry asked for none.</summary>
    internal async Task<AuthenticationHeaderValue?> AuthorizeAsync(Scope scope, CancellationToken cancellationToken)
    {
        var challenges = Volatile.Read(ref _challenges);
        if (challenges.FirstOrDefault(c => c.IsBearer) is { } bearer)
        {
            var token = await FindTokenAsync(bearer, scope, cancellationToken).ConfigureAwait(false);
            return new AuthenticationHeaderValue("Bearer", token.Text);
        }

        return challenges.Any(c => c.IsBasic) && FindCredential(scope.Repository) is { IsIdentityToken: false } credential ? Basic(credential) : null;
    }

    /// <summary>
    /// Answers a 401: true when a request sent again may succeed, because its token was stale or lacked what this challenge asks for, or
    /// because the registry had not asked for a login before.
    /// </summary>
    internal bool Renew(Scope scope, AuthenticationHeaderValue? sent, IReadOnlyList<Challenge> challenges)
    {
        var before = Volatile.Read(ref _challenges);
        Learn(challenges);
        if (sent is null)
        {
            return challenges.Any(c => c.IsBearer) || (challenges.Any(c => c.IsBasic) && FindCredential(scope.Repository) is not null);
        }

        if (sent.Scheme != "Bearer" || challenges.Count == 0)
        {
            return false;
        }

        var key = KeyOf(before.FirstOrDefault(c => c.IsBearer), scope);
        if (_flights.TryGet(key, out var kept) && kept!.Text == sent.Parameter)
        {
            _flights.Forget(key, kept);
        }

        return true;
    }

    internal static AuthenticationHeaderValue Basic(RegistryCredential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credential.Username + ":" + credential.Secret)));

    private async Task<Token> FindTokenAsync(Challenge bearer, Scope scope, CancellationToken cancellationToken)
    {
        // A token that may push may read as well.
        if (!scope.Push && _flights.TryGet(KeyOf(bearer, Scope.PullPush(scope.Repository)), out var wider) && IsFresh(wider!))
        {
            return wider!;
        }

        var key = KeyOf(bearer, scope);
        var token = await _flights.RunAsync(key, t => FetchAsync(bearer, scope, t), cancellationToken).ConfigureAwait(false);
        if (!IsFresh(token))
        {
            _flights.Forget(key, token);
            token = await _flights.RunAsync(key, t => FetchAsync(bearer, scope, t), cancellationToken).ConfigureAwait(false);
        }

        return token;
    }

    private Task<Token> FetchAsync(Challenge bearer, Scope scope, CancellationToken cancellationToken) =>
        _tokens.FetchAsync(bearer, WordsOf(bearer, scope), FindCredential(scope.Repository), cancellationToken);

    // The registry as a whole (its catalogue) has scopes only its challenge knows.
    private static IReadOnlyList<string> WordsOf(Challenge bearer, Scope scope) =>
        scope.Words.Count > 0 ? scope.Words : bearer.Scope is { Length: > 0 } asked ? asked.Split(' ') : [];

    private static string KeyOf(Challenge? bearer, Scope scope) =>
        bearer is null ? string.Empty : string.Join("\n", WordsOf(bearer, scope).Concat([bearer.Realm ?? string.Empty, bearer.Service ?? string.Empty]));

    private bool IsFresh(Token token) => _time.GetUtcNow() < token.RenewAt;
}
