using OciSync.Core.Auth;

namespace OciSync.Core.Connections;

/// <summary>What a user said about one registry.</summary>
internal sealed record RegistrySession(ConnectionSettings Settings, RegistryCredential? Credential);
