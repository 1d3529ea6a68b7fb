namespace OciSync.Testing.Registry.Auth;

/// <summary>Somebody who may log in.</summary>
/// <param name="Name">The name.</param>
/// <param name="Password">The password.</param>
public sealed record RegistryUser(string Name, string Password)
{
    /// <summary>May push, delete and list the catalogue.</summary>
    public bool CanPush { get; init; } = true;

    /// <summary>The repositories the user may see (prefixes); empty for all.</summary>
    public IReadOnlyList<string> Repositories { get; init; } = [];

    internal bool Allows(string repository, string action) =>
        (action == "pull" || CanPush)
        && (Repositories.Count == 0 || Repositories.Any(prefix => repository.StartsWith(prefix, StringComparison.Ordinal)));
}
