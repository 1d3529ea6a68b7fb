namespace OciSync.Core.Connections;

/// <summary>A registries.conf to read, and who named it (null when it was found at its place).</summary>
internal sealed record RegistriesConfigFile(string Path, string? NamedBy);
