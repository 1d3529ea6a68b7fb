using System.Net.Http.Headers;
using System.Text;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Logins;

namespace OciSync.Core.Auth;

/// <summary>
/// The <c>Authorization</c> of one registry's requests: Basic, or a Bearer token per scope that is fetched once, shared, and renewed
/// before it expires. Where a registry offers both, Bearer.
/// </summary>
internal sealed class Authenticator
{
    private readonly CredentialFinder _credentials;
    private readonly TokenClient _tokens;
    private readonly LoginEnds _ends;
    private readonly TimeProvider _time;
    private readonly string _host;
    private readonly SingleFlight<TokenKey, Token> _flights;
    private readonly AskedScopes _asked = new();
    private IReadOnlyList<Challenge> _challenges = [];
    private volatile bool _hasLogin;

    internal Authenticator(
        string host, CredentialFinder credentials, TokenClient tokens, LoginEnds ends, TimeProvider time, CancellationToken lifetime)
    {
        _ends = ends;
        _host = host;
        _credentials = credentials;
        _tokens = tokens;
        _time = time;
        _flights = new SingleFlight<TokenKey, Token>(lifetime);
    }

    /// <summary>Whether any request so far was sent with a login.</summary>
    internal bool HasLogin => _hasLogin;

    /// <summary>Takes the challenges of a 401 answer; the first Bearer or Basic one is met from now on.</summary>
    internal void Learn(IReadOnlyList<Challenge> challenges)
    {
        if (challenges.Count > 0)
        {
            Volatile.Write(ref _challenges, challenges);
        }
    }

    /// <summary>The credential that requests of this scope use, or null for none.</summary>
    internal async Task<RegistryCredential?> FindCredentialAsync(Scope scope, CancellationToken cancellationToken) =>
        (await FindAsync(scope, cancellationToken).ConfigureAwait(false))?.Logins.Current;

    /// <summary>The login of a repository and where it comes from; null for none.</summary>
    internal Task<FoundCredential?> FindLoginAsync(string repository, CancellationToken cancellationToken) =>
        _credentials.FindAsync(new RegistryAddress(_host, repository, false), cancellationToken);

    /// <summary>The header for a request of this scope; none when the registry asked for none.</summary>
    internal async Task<Authorization> AuthorizeAsync(Scope scope, WorkScope work)
    {
        var challenges = Volatile.Read(ref _challenges);
        if (challenges.FirstOrDefault(c => c.IsBearer) is { } bearer)
        {
            return await AuthorizeBearerAsync(bearer, scope, work).ConfigureAwait(false);
        }

        return challenges.Any(c => c.IsBasic)
            && await FindCredentialAsync(scope, work.Token).ConfigureAwait(false) is { Kind: CredentialKind.Password } credential
            ? new Authorization(Basic(credential), credential)
            : Authorization.None;
    }

    /// <summary>
    /// Answers a 401: true when a request sent again may succeed, because its token was stale or lacked what this challenge asks for, or
    /// because the registry had not asked for a login before.
    /// </summary>
    internal async Task<bool> RenewAsync(
        Scope scope, AuthenticationHeaderValue? sent, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken)
    {
        var before = Volatile.Read(ref _challenges);
        Learn(challenges);
        if (sent is null)
        {
            return challenges.Any(c => c.IsBearer)
                || (challenges.Any(c => c.IsBasic) && await FindCredentialAsync(scope, cancellationToken).ConfigureAwait(false) is not null);
        }

        if (sent.Scheme != "Bearer" || challenges.Count == 0 || before.FirstOrDefault(c => c.IsBearer) is not { } bearer)
        {
            return false;
        }

        var credential = await FindCredentialAsync(scope, cancellationToken).ConfigureAwait(false);
        if (credential is not { IsRegistryToken: true } && challenges.FirstOrDefault(c => c.IsBearer) is { } now && _asked.Learn(scope, now.Scope))
        {
            return true;
        }

        foreach (var asked in new[] { scope, Scope.PullPush(scope.Repository) })
        {
            var key = KeyOf(bearer, asked, credential);
            if (_flights.TryGet(key, out var kept) && kept!.Text == sent.Parameter)
            {
                _flights.Forget(key, kept);
            }
        }

        return credential is not { IsRegistryToken: true };
    }

    /// <summary>Goes on to the next login, when this one has no quota left and there is another; false when there is none.</summary>
    internal async Task<bool> TryNextLoginAsync(Scope scope, RegistryCredential? used, CancellationToken cancellationToken) =>
        used is not null && await FindAsync(scope, cancellationToken).ConfigureAwait(false) is { } found && found.Logins.TryAdvance(used, _time.GetUtcNow());

    internal static AuthenticationHeaderValue Basic(RegistryCredential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credential.Username + ":" + credential.Secret)));

    private async Task<Authorization> AuthorizeBearerAsync(Challenge bearer, Scope scope, WorkScope work)
    {
        // Nobody's secret is looked up for a realm that is refused.
        await _tokens.CheckRealmAsync(bearer, work.Token).ConfigureAwait(false);
        var credential = await FindCredentialAsync(scope, work.Token).ConfigureAwait(false);
        if (credential is { IsRegistryToken: true })
        {
            _ends.Check(credential);
            return new Authorization(new AuthenticationHeaderValue("Bearer", credential.Secret), credential);
        }

        var token = await FindTokenAsync(bearer, scope, credential, work).ConfigureAwait(false);
        return new Authorization(new AuthenticationHeaderValue("Bearer", token.Text), credential);
    }

    private async Task<FoundCredential?> FindAsync(Scope scope, CancellationToken cancellationToken)
    {
        var found = await _credentials.FindAsync(
            new RegistryAddress(_host, scope.LoginPath ?? scope.Repository, false), cancellationToken).ConfigureAwait(false);
        _hasLogin |= found is not null;
        return found;
    }

    private async Task<Token> FindTokenAsync(
        Challenge bearer, Scope scope, RegistryCredential? credential, WorkScope work)
    {
        // A token that may push may read as well.
        if (!scope.Push && !scope.Delete && _flights.TryGet(KeyOf(bearer, Scope.PullPush(scope.Repository), credential), out var wider) && IsFresh(wider!))
        {
            return wider!;
        }

        var key = KeyOf(bearer, scope, credential);
        var words = WordsOf(bearer, scope);
        var token = await _flights.RunAsync(key, t => FetchAsync(bearer, scope, words, credential, work.With(t)), work.Token).ConfigureAwait(false);
        if (!IsFresh(token))
        {
            _flights.Forget(key, token);
            token = await _flights.RunAsync(key, t => FetchAsync(bearer, scope, words, credential, work.With(t)), work.Token).ConfigureAwait(false);
        }

        return token;
    }

    private async Task<Token> FetchAsync(
        Challenge bearer, Scope scope, IReadOnlyList<string> words, RegistryCredential? credential, WorkScope work)
    {
        try
        {
            return await _tokens.FetchAsync(bearer, words, credential, work).ConfigureAwait(false);
        }
        catch (OciException e) when (scope.Delete && e.StatusCode == 400)
        {
            return await _tokens.FetchAsync(bearer, scope.EveryAction, credential, work).ConfigureAwait(false);
        }
    }

    // The registry as a whole (its catalogue) has scopes only its challenge knows.
    private IReadOnlyList<string> WordsOf(Challenge bearer, Scope scope) =>
        scope.Words.Count > 0 ? _asked.With(scope) : bearer.Scope is { Length: > 0 } asked ? asked.Split(' ') : [];

    private TokenKey KeyOf(Challenge bearer, Scope scope, RegistryCredential? credential) =>
        new(string.Join("\n", WordsOf(bearer, scope).Concat([bearer.Realm ?? string.Empty, bearer.Service ?? string.Empty])), credential);

    private bool IsFresh(Token token) => _time.GetUtcNow() < token.RenewAt;
}
