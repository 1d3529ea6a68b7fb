namespace OciSync.Core.Connections;

/// <summary>How a user said a registry is reached.</summary>
internal sealed record RegistrySession(ConnectionSettings Settings);
