namespace OciSync.Core.Connections;

/// <summary>Where a repository really is: the host that is spoken to and the repository's path there.</summary>
internal sealed record RegistryAddress(string Host, string Repository, bool Insecure);
