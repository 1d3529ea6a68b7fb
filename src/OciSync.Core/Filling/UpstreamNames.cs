using OciSync.Core.Distribution;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Filling;

/// <summary>
/// What a request means at the upstream registries (pure functions). Only what was listed at the start is ever asked: a client never chooses
/// where we connect.
/// </summary>
internal sealed class UpstreamNames
{
    private readonly List<(string Registry, string Namespace)> _places;

    /// <param name="places">Registries, or namespaces of registries: <c>docker.io</c>, <c>quay.io/prometheus</c>.</param>
    /// <exception cref="OciException">One is none.</exception>
    internal UpstreamNames(IEnumerable<string> places) => _places = places.Select(Read).ToList();

    /// <summary>The registries, each once.</summary>
    internal IReadOnlyList<string> Registries => _places.Select(p => p.Registry).Distinct().ToList();

    /// <summary>The repository that is meant; null when it is of no upstream registry.</summary>
    internal UpstreamImage? Find(RequestedName name)
    {
        if (name.Registry is { } registry)
        {
            return Allow(new UpstreamImage(registry, Lengthen(registry, name.Name)));
        }

        for (var rest = name.Prefix; rest.Length > 0; rest = rest.IndexOf('/') is var slash && slash < 0 ? string.Empty : rest.Substring(slash + 1))
        {
            if (FindWhole(rest + "/" + name.Name) is { } below)
            {
                return below;
            }
        }

        // Docker Hub has no namespace with a dot: such a name is of another registry.
        var slashed = name.Name.IndexOf('/');
        return FindWhole(name.Name)
            ?? (slashed > 0 && name.Name.IndexOf('.', 0, slashed) >= 0
                ? null
                : Allow(new UpstreamImage(RegistryHost.DockerHub, Lengthen(RegistryHost.DockerHub, name.Name))));
    }

    // registry/repository
    private UpstreamImage? FindWhole(string name)
    {
        var slash = name.IndexOf('/');
        var host = slash < 0 ? string.Empty : name.Substring(0, slash);
        var place = _places.FirstOrDefault(p => NameCandidates.HostPart(p.Registry) == host);
        return place.Registry is null ? null : Allow(new UpstreamImage(place.Registry, Lengthen(place.Registry, name.Substring(slash + 1))));
    }

    private UpstreamImage? Allow(UpstreamImage image) => _places.Exists(p => p.Registry == image.Registry
        && (p.Namespace.Length == 0 || image.Repository == p.Namespace || image.Repository.StartsWith(p.Namespace + "/", StringComparison.Ordinal)))
        ? image
        : null;

    private static string Lengthen(string registry, string name) =>
        registry == RegistryHost.DockerHub && name.IndexOf('/') < 0 ? RegistryHost.DockerHubLibrary + name : name;

    private static (string Registry, string Namespace) Read(string text)
    {
        var name = text.Trim().TrimEnd('/');
        var slash = name.IndexOf('/');
        var registry = RegistryHost.Normalize(slash < 0 ? name : name.Substring(0, slash));
        var space = slash < 0 ? string.Empty : name.Substring(slash + 1);
        var fault = LoginText.FindFault(text) ?? (registry.Length == 0 ? "it is empty" : null);
        fault ??= RegistryHost.FindFault(registry) ?? (space.Length == 0 ? null : RepositoryName.FindFault(space));
        fault ??= RegistryHost.LooksLikeHost(registry) ? null : "it has neither a dot nor a port; write docker.io for Docker Hub";
        return fault is null
            ? (registry, space)
            : throw new OciException(OciErrorKind.ReferenceInvalid, $"'{Printable.Text(LoginText.Hide(text))}' is no registry to fetch from: {fault}.");
    }
}
