using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry.Logging;

namespace OciSync.Testing.Registry.Auth;

/// <summary>Lets a request pass or answers with the challenge that a client needs to come back.</summary>
internal sealed class Authorizer(AuthOptions options, TokenService tokens)
{
    /// <summary>Notes who asks, or throws the refusal.</summary>
    internal void Authorize(HttpContext context, IReadOnlyList<Scope> wanted, RequestRecord record)
    {
        if (options.Mode == AuthMode.Basic)
        {
            AuthorizeBasic(context, wanted, record);
        }
        else if (options.Mode == AuthMode.Token)
        {
            AuthorizeToken(context, wanted, record);
        }
    }

    private void AuthorizeBasic(HttpContext context, IReadOnlyList<Scope> wanted, RequestRecord record)
    {
        var credentials = BasicCredentials.Read(context.Request);
        var user = tokens.Login(credentials);
        record.User = user?.Name;
        if (user is null && (credentials is not null || wanted.Count == 0 || !Allows(null, wanted)))
        {
            throw Unauthorized($"Basic realm=\"{options.Service}\"", "authentication required");
        }

        if (user is not null && !Allows(user, wanted))
        {
            throw new RegistryException(403, "DENIED", "requested access to the resource is denied");
        }
    }

    private void AuthorizeToken(HttpContext context, IReadOnlyList<Scope> wanted, RequestRecord record)
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

        record.User = grant.User?.Name;
        if (!wanted.All(want => grant.Scopes.Any(scope => scope.Covers(want))))
        {
            throw options.ForbidWith403
                ? new RegistryException(403, "DENIED", "requested access to the resource is denied")
                : Unauthorized(Challenge(context.Request, wanted, "insufficient_scope"), "authentication required");
        }
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
