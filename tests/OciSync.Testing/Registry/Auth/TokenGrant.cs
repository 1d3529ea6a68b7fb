namespace OciSync.Testing.Registry.Auth;

internal sealed record TokenGrant(RegistryUser? User, IReadOnlyList<Scope> Scopes, DateTimeOffset Expires);
