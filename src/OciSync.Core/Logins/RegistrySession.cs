using OciSync.Core.Connections;

namespace OciSync.Core.Logins;

/// <summary>How a user said a registry is reached.</summary>
internal sealed record RegistrySession(ConnectionSettings Settings);
