namespace OciSync.Testing.Registry.Endpoints;

internal static class KnownRepository
{
    /// <summary>Some registries take pushes only to repositories that were created before.</summary>
    internal static void Check(RegistryDialect dialect, string name)
    {
        if (dialect.KnownRepositories is { } known && !known.Contains(name))
        {
            throw new RegistryException(404, "NAME_UNKNOWN", $"The repository with name '{name}' does not exist in the registry");
        }
    }
}
