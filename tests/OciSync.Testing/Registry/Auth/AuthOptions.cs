namespace OciSync.Testing.Registry.Auth;

/// <summary>Authorization of a registry.</summary>
public sealed record AuthOptions
{
    /// <summary>The kind.</summary>
    public AuthMode Mode { get; init; }

    /// <summary>Who may log in.</summary>
    public IReadOnlyList<RegistryUser> Users { get; init; } = [];

    /// <summary>Anybody may pull.</summary>
    public bool AnonymousPull { get; init; }

    /// <summary>How long a token is good for.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock by which tokens end.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Tell the lifetime in the answer (<c>expires_in</c>).</summary>
    public bool TellLifetime { get; init; } = true;

    /// <summary>The name of the token in the answer: <c>token</c>, <c>access_token</c>, or both when null.</summary>
    public string? TokenProperty { get; init; }

    /// <summary>Take the OAuth2 POST form; without it POST is answered with 405.</summary>
    public bool OAuthPost { get; init; } = true;

    /// <summary>An access token that <c>/oauth2/exchange</c> gives a refresh token of the first user for, as Azure's registries do; or null.</summary>
    public string? AzureToken { get; init; }

    /// <summary>How long such a refresh token says that it is good for.</summary>
    public TimeSpan AzureLifetime { get; init; } = TimeSpan.FromHours(3);

    /// <summary>The realm in the challenge, when it is not the registry's own <c>/token</c>.</summary>
    public string? Realm { get; init; }

    /// <summary>The service in the challenge.</summary>
    public string Service { get; init; } = "registry.test";

    /// <summary>Answer 403 DENIED where a user lacks a right, not 401 insufficient_scope.</summary>
    public bool ForbidWith403 { get; init; }
}
