using Microsoft.AspNetCore.Http;

namespace OciSync.Testing.Registry.Auth;

/// <summary>Lets a request pass or answers with the challenge that a client needs to come back.</summary>
internal sealed class Authorizer(AuthOptions options, TokenService tokens)
{
    /// <summary>Gives the user (null: anonymous) or throws the refusal.</summary>
    internal RegistryUser? Authorize(HttpContext context, IReadOnlyList<Scope> wanted) => options.Mode switch
    {
        AuthMode.Basic => AuthorizeBasic(context, wanted),
        AuthMode.Token => AuthorizeToken(context, wanted),
        _ => null,
    };

    private RegistryUser? AuthorizeBasic(HttpContext context, IReadOnlyList<Scope> wanted)
    {
        var credentials = BasicCredentials.Read(context.Request);
        var user = tokens.Login(credentials);
        if (user is null && (credentials is not null || wanted.Count == 0 || !Allows(null, wanted)))
        {
            throw Unauthorized($"Basic realm=\"{options.Service}\"", "authentication required");
        }

        if (user is not null && !Allows(user, wanted))
        {
            throw new RegistryException(403, "DENIED", "requested access to the resource is denied");
        }

        return user;
    }

    private RegistryUser? AuthorizeToken(HttpContext context, IReadOnlyList<Scope> wanted)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            throw Unauthorized(Challenge(context.Request, wanted, null), "authentication required");
        }

        if (tokens.Find(header[7..].Trim()) is not { } grant)
        {
            throw Unauthorized(Challenge(context.Request, wanted, "invalid_token"), "the token is unknown or has expired");
        }

        if (wanted.All(want => grant.Scopes.Any(scope => scope.Covers(want))))
        {
            return grant.User;
        }

        throw options.ForbidWith403
            ? new RegistryException(403, "DENIED", "requested access to the resource is denied")
            : Unauthorized(Challenge(context.Request, wanted, "insufficient_scope"), "authentication required");
    }

    private bool Allows(RegistryUser? user, IReadOnlyList<Scope> wanted) =>
        wanted.All(scope => scope.Actions.All(action => tokens.IsAllowed(user, scope, action)));

    private string Challenge(HttpRequest request, IReadOnlyList<Scope> wanted, string? error)
    {
        var realm = options.Realm ?? $"{request.Scheme}://{request.Host}/token";
        var challenge = $"Bearer realm=\"{realm}\",service=\"{options.Service}\"";
        if (wanted.Count > 0)
        {
            challenge += $",scope=\"{string.Join(' ', wanted)}\"";
        }

        return error is null ? challenge : challenge + $",error=\"{error}\"";
    }

    private static RegistryException Unauthorized(string challenge, string message) =>
        new(401, "UNAUTHORIZED", message) { Headers = { ["Www-Authenticate"] = challenge } };
}
