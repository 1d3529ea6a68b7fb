using OciSync.Core.References;

namespace OciSync.Core.Distribution;

/// <summary>The names in the folder that a request may mean, the nearest first (a pure function).</summary>
internal static class NameCandidates
{
    /// <param name="prefix">What stands before <c>/v2/</c> in the path.</param>
    /// <param name="name">The repository that is asked for.</param>
    /// <param name="registry">The registry that the client believes it asks, or null.</param>
    internal static IReadOnlyList<string> Of(string prefix, string name, string? registry)
    {
        var names = new List<string>();
        if (registry is not null)
        {
            names.Add(HostPart(registry) + "/" + name);
        }

        for (var rest = prefix; rest.Length > 0; rest = rest.IndexOf('/') is var slash && slash < 0 ? string.Empty : rest.Substring(slash + 1))
        {
            names.Add(rest + "/" + name);
        }

        names.Add(name);
        if (registry is null or RegistryHost.DockerHub)
        {
            AddHub(names, name, registry is null);
        }

        return names.Distinct().ToList();
    }

    /// <summary>A host as the first part of a name in a folder: a port stands behind a dash, as <c>-Naming Full</c> writes it.</summary>
    internal static string HostPart(string registry) => registry.Replace(':', '-');

    // A name without a registry is Docker Hub's, where alpine is library/alpine.
    private static void AddHub(List<string> names, string name, bool withHost)
    {
        var isShort = name.IndexOf('/') < 0;
        if (withHost)
        {
            names.Add(RegistryHost.DockerHub + "/" + (isShort ? RegistryHost.DockerHubLibrary : string.Empty) + name);
        }

        if (isShort)
        {
            names.Add(RegistryHost.DockerHubLibrary + name);
        }
        else if (name.StartsWith(RegistryHost.DockerHubLibrary, StringComparison.Ordinal))
        {
            names.Add(name.Substring(RegistryHost.DockerHubLibrary.Length));
        }
    }
}
