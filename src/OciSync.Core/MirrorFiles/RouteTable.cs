using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.MirrorFiles;

/// <summary>Routes of images as routes of registries and repositories (a pure function).</summary>
internal sealed class RouteTable
{
    private const int Named = 3;

    private RouteTable(IReadOnlyList<RegistryRoutes> registries) => Registries = registries;

    /// <summary>By the names of the registries.</summary>
    internal IReadOnlyList<RegistryRoutes> Registries { get; }

    /// <exception cref="OciException">A tag is called otherwise at the mirror, or one address stands for several mirrors.</exception>
    internal static RouteTable Create(IReadOnlyList<MirrorRoute> routes, MirrorOptions options)
    {
        if (routes.Where(r => r.RenamesTag).ToList() is { Count: > 0 } renamed)
        {
            throw new OciException(
                OciErrorKind.NamingUnsupported,
                $"No configuration can give a tag another name: {Describe(renamed.Select(r => r.ToString()).ToList())}. Mirror without -AppendSuffix and "
                    + "under the same tags, or rewrite the references: Update-OciImageReference.");
        }

        var hosts = routes.Select(r => r.Mirror.Registry).Distinct(StringComparer.Ordinal).ToList();
        if (options.Address is not null && hosts.Count > 1)
        {
            throw new OciException(
                OciErrorKind.ReferenceInvalid, $"-MirrorAddress is one mirror's, and the images are at several: {string.Join(", ", hosts)}.");
        }

        return new RouteTable(routes.GroupBy(r => r.Source.Registry).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new RegistryRoutes(g.Key, g.GroupBy(r => r.Source.Repository).OrderBy(r => r.Key, StringComparer.Ordinal)
                .Select(r => new RepositoryRoute(r.Key, r.Select(route => PlaceOf(route.Mirror, options)).Distinct().ToList())).ToList())).ToList());
    }

    /// <summary>The first of some rows in words.</summary>
    internal static string Describe(IReadOnlyList<string> rows) =>
        string.Join(", ", rows.Take(Named)) + (rows.Count > Named ? $" and {rows.Count - Named} more" : string.Empty);

    /// <summary>
    /// Refuses repositories that have another name at the mirror, where only whole registries can be led elsewhere.
    /// </summary>
    /// <exception cref="OciException">There are some (<see cref="OciErrorKind.NamingUnsupported"/>).</exception>
    internal void RequireBases(string who, string other)
    {
        var renamed = Registries.SelectMany(g => g.Renamed.Select(r => $"'{g.Registry}/{r.Repository}' -> '{RenamedPlace(r)}'")).ToList();
        if (renamed.Count > 0)
        {
            throw new OciException(
                OciErrorKind.NamingUnsupported,
                $"{who} leads whole registries elsewhere and can't give a repository another name: {Describe(renamed)}. Mirror them with -Naming Full "
                    + $"(or Path){other}.");
        }
    }

    // In whose place another registry's image of the same path would be served, where a registry is led elsewhere as a whole.
    internal IEnumerable<string> FindShared() => Registries.SelectMany(g => g.Bases.Select(b => (g.Registry, Base: b))).GroupBy(p => p.Base)
        .Where(g => g.Count() > 1)
        .Select(g => $"{string.Join(" and ", g.Select(p => p.Registry))} share '{g.Key.Location}': a name of one that is mirrored only from the other is "
            + "served as that one's image. -Naming Full keeps them apart.");

    private static string RenamedPlace(RepositoryRoute route) =>
        route.Places.First(p => MirrorBase.Find(p.Host, route.Repository, p.Path) is null).Location;

    private static MirrorBase PlaceOf(ImageReference mirror, MirrorOptions options) =>
        new(options.Address ?? new MirrorHost(mirror.Registry, options.IsPlainHttp(mirror.Registry)), mirror.Repository);
}
