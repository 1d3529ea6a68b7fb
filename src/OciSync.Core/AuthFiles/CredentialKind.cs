namespace OciSync.Core.AuthFiles;

/// <summary>What a credential's secret is.</summary>
internal enum CredentialKind
{
    /// <summary>A password or an access key.</summary>
    Password,

    /// <summary>An OAuth2 refresh token for the token server.</summary>
    IdentityToken,

    /// <summary>A bearer token for the registry.</summary>
    RegistryToken,

    /// <summary>An access token of Azure, which its registries exchange for a refresh token.</summary>
    AzureToken,
}
