namespace OciSync.Core.Auth;

/// <summary>A user name and its secret, or an identity token. Nothing here shows a secret in text.</summary>
public sealed class RegistryCredential
{
    private RegistryCredential(string username, string secret, bool isIdentityToken)
    {
        Username = username;
        Secret = secret;
        IsIdentityToken = isIdentityToken;
    }

    /// <summary>Always without a login.</summary>
    public static RegistryCredential Anonymous { get; } = new(string.Empty, string.Empty, false);

    /// <summary>The user name; empty for an identity token.</summary>
    public string Username { get; }

    /// <summary>True for <see cref="Anonymous"/>.</summary>
    public bool IsAnonymous => Username.Length == 0 && Secret.Length == 0;

    internal string Secret { get; }

    internal bool IsIdentityToken { get; }

    /// <summary>A user with a password or an access key.</summary>
    public static RegistryCredential FromPassword(string username, string password) => new(username, password, false);

    /// <summary>An OAuth2 refresh token, as <c>docker login</c> keeps it.</summary>
    public static RegistryCredential FromIdentityToken(string token) => new(string.Empty, token, true);

    /// <inheritdoc/>
    public override string ToString() => IsAnonymous ? "anonymous" : IsIdentityToken ? "identity token" : Username;
}
