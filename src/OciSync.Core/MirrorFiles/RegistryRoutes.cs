namespace OciSync.Core.MirrorFiles;

/// <summary>Where the images of one registry are.</summary>
/// <param name="Registry">The registry that machines ask for.</param>
/// <param name="Repositories">Its repositories, in the order of their names.</param>
internal sealed record RegistryRoutes(string Registry, IReadOnlyList<RepositoryRoute> Repositories)
{
    /// <summary>The places below which the registry's repositories keep their names, in the order in which they came.</summary>
    internal IReadOnlyList<MirrorBase> Bases { get; } =
        Repositories.SelectMany(r => r.Places.Select(p => MirrorBase.Find(p.Host, r.Repository, p.Path))).OfType<MirrorBase>().Distinct().ToList();

    /// <summary>Repositories that have another name at a mirror: what leads a whole registry elsewhere can't lead to them.</summary>
    internal IReadOnlyList<RepositoryRoute> Renamed { get; } =
        Repositories.Where(r => r.Places.Any(p => MirrorBase.Find(p.Host, r.Repository, p.Path) is null)).ToList();

    /// <summary>All are below the same places, so that one entry for the registry says it.</summary>
    internal bool IsUniform => Renamed.Count == 0 && Repositories.All(r => r.Places.Count == Bases.Count);
}
