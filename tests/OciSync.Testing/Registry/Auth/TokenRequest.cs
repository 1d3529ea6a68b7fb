namespace OciSync.Testing.Registry.Auth;

/// <summary>One request to a token endpoint.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="User">The user logged in; null for anonymous.</param>
/// <param name="Scopes">The scopes asked for, one by one.</param>
/// <param name="Granted">The scopes granted.</param>
/// <param name="GrantType">The grant type of the POST form.</param>
/// <param name="Status">The status answered.</param>
public sealed record TokenRequest(
    string Method,
    string? User,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Granted,
    string? GrantType,
    int Status);
