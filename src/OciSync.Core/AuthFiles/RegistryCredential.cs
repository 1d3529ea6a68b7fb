namespace OciSync.Core.AuthFiles;

/// <summary>A user name and its secret, an identity token, or a registry token. Nothing here shows a secret in text.</summary>
public sealed class RegistryCredential
{
    private RegistryCredential(string username, string secret, CredentialKind kind)
    {
        Username = username;
        Secret = secret;
        Kind = kind;
    }

    /// <summary>The credential that says that no login is used, wherever there may be one.</summary>
    public static RegistryCredential Anonymous { get; } = new(string.Empty, string.Empty, CredentialKind.Password);

    /// <summary>The user name; for a token empty, or the name that was kept with it.</summary>
    public string Username { get; }

    /// <summary>True for <see cref="Anonymous"/>.</summary>
    public bool IsAnonymous => Username.Length == 0 && Secret.Length == 0;

    internal string Secret { get; }

    internal CredentialKind Kind { get; }

    internal bool IsIdentityToken => Kind == CredentialKind.IdentityToken;

    /// <summary>A token that is sent as it is, in place of one from the token server.</summary>
    internal bool IsRegistryToken => Kind == CredentialKind.RegistryToken;

    /// <summary>A token that Azure gave, to be exchanged at one of its registries.</summary>
    internal bool IsAzureToken => Kind == CredentialKind.AzureToken;

    /// <summary>A user with a password or an access key.</summary>
    public static RegistryCredential FromPassword(string username, string password) => new(username, password, CredentialKind.Password);

    /// <summary>An OAuth2 refresh token, as <c>docker login</c> keeps it.</summary>
    public static RegistryCredential FromIdentityToken(string token, string username = "") => new(username, token, CredentialKind.IdentityToken);

    /// <summary>A bearer token that the registry itself takes, as skopeo's <c>--registry-token</c>.</summary>
    public static RegistryCredential FromRegistryToken(string token) => new(string.Empty, token, CredentialKind.RegistryToken);

    /// <summary>An access token of Azure (Entra), for its registries: that of a user, a service, or a managed or workload identity.</summary>
    public static RegistryCredential FromAzureToken(string token) => new(string.Empty, token, CredentialKind.AzureToken);

    /// <summary>When it ends, where the token says so itself; else null. Passwords never say.</summary>
    public DateTimeOffset? FindEnd() => Kind == CredentialKind.Password ? null : TokenEnd.Read(Secret);

    /// <summary>Whether the other credential logs in with the same name and secret.</summary>
    public bool IsSame(RegistryCredential? other) => other is not null && (Username, Secret, Kind) == (other.Username, other.Secret, other.Kind);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        CredentialKind.IdentityToken => "identity token",
        CredentialKind.RegistryToken => "registry token",
        CredentialKind.AzureToken => "Azure access token",
        _ => IsAnonymous ? "anonymous" : Username,
    };
}
