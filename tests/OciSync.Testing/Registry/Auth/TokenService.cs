using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OciSync.Testing.Registry.Auth;

/// <summary>The token endpoint of a registry; its tokens are opaque.</summary>
public sealed class TokenService
{
    private readonly AuthOptions options;
    private readonly ConcurrentDictionary<string, TokenGrant> tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RegistryUser> refreshTokens = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<TokenRequest> requests = new();

    internal TokenService(AuthOptions options) => this.options = options;

    /// <summary>Every request to the endpoint, in order.</summary>
    public IReadOnlyList<TokenRequest> Requests => [.. requests];

    /// <summary>Makes all tokens given so far invalid.</summary>
    public void RevokeAll() => tokens.Clear();

    /// <summary>Forgets the requests.</summary>
    public void ClearRequests() => requests.Clear();

    internal TokenGrant? Find(string token) =>
        tokens.TryGetValue(token, out var grant) && grant.Expires > options.Time.GetUtcNow() ? grant : null;

    internal RegistryUser? Login((string Name, string Password)? credentials) =>
        credentials is { } pair ? options.Users.FirstOrDefault(user => user.Name == pair.Name && user.Password == pair.Password) : null;

    internal async Task HandleAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method) && !options.OAuthPost)
        {
            requests.Enqueue(new TokenRequest("POST", null, [], [], null, 405));
            throw new RegistryException(405, "UNSUPPORTED", "the OAuth2 form is not supported");
        }

        var form = await TokenRequestForm.ReadAsync(context.Request);
        var user = form.RefreshToken is { } refresh ? refreshTokens.GetValueOrDefault(refresh) : Login(form.Credentials);
        var isAnonymous = form.Credentials is null && form.RefreshToken is null;
        if (user is null && !(isAnonymous && form.GrantType is null))
        {
            requests.Enqueue(new TokenRequest(form.Method, null, form.Scopes, [], form.GrantType, 401));
            throw new RegistryException(401, "UNAUTHORIZED", "incorrect username or password");
        }

        var granted = Grant(user, form.Scopes);
        requests.Enqueue(new TokenRequest(
            form.Method, user?.Name, form.Scopes, [.. granted.Select(scope => scope.ToString())], form.GrantType, 200));
        await context.WriteJsonAsync(200, Answer(user, granted));
    }

    internal async Task ExchangeAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var isGood = form["grant_type"] == "access_token" && form["access_token"] == options.AzureToken && form["service"] == options.Service;
        requests.Enqueue(new TokenRequest("POST", isGood ? options.Users[0].Name : null, [], [], "access_token", isGood ? 200 : 401));
        if (!isGood)
        {
            throw new RegistryException(401, "UNAUTHORIZED", "the access token is not valid");
        }

        var end = (options.Time.GetUtcNow() + options.AzureLifetime).ToUnixTimeSeconds();
        var claims = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes($"{{\"exp\":{end},\"jti\":\"{Guid.NewGuid()}\"}}"));
        var token = $"e30.{claims}.c2ln";
        refreshTokens[token] = options.Users[0];
        await context.WriteJsonAsync(200, new JsonObject { ["refresh_token"] = token });
    }

    internal List<Scope> Grant(RegistryUser? user, IReadOnlyList<string> wanted) =>
    [
        .. wanted.Select(Scope.TryParse).OfType<Scope>()
            .Select(scope => scope with { Actions = [.. scope.Actions.Where(action => IsAllowed(user, scope, action))] })
            .Where(scope => scope.Actions.Count > 0),
    ];

    internal bool IsAllowed(RegistryUser? user, Scope scope, string action) =>
        scope.Type == "registry"
            ? user is { CanPush: true }
            : user?.Allows(scope.Name, action) ?? (options.AnonymousPull && action == "pull");

    private JsonObject Answer(RegistryUser? user, List<Scope> granted)
    {
        var token = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N");
        tokens[token] = new TokenGrant(user, granted, options.Time.GetUtcNow() + options.TokenLifetime);
        var answer = new JsonObject { ["issued_at"] = options.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") };
        foreach (var name in options.TokenProperty is { } only ? [only] : new[] { "token", "access_token" })
        {
            answer[name] = token;
        }

        if (options.TellLifetime)
        {
            answer["expires_in"] = (int)options.TokenLifetime.TotalSeconds;
        }

        if (user is not null)
        {
            var refresh = "refresh-" + Guid.NewGuid().ToString("N");
            refreshTokens[refresh] = user;
            answer["refresh_token"] = refresh;
        }

        return answer;
    }
}
