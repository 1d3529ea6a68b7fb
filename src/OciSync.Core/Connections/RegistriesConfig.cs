using OciSync.Core.Errors;
using OciSync.Core.Machine;

namespace OciSync.Core.Connections;

/// <summary>
/// The entries of containers-registries.conf(5), version 2, from one file or several. The longest matching prefix wins and is replaced by
/// the location; mirrors are for reads only.
/// </summary>
internal sealed class RegistriesConfig
{
    internal const string PathVariable = "CONTAINERS_REGISTRIES_CONF";

    private readonly List<RegistryEntry> _entries;

    private RegistriesConfig(IEnumerable<RegistryEntry> entries, IReadOnlyList<string> notes)
    {
        _entries = entries.OrderByDescending(e => e.Prefix.Length).ToList();
        Notes = notes;
    }

    /// <summary>What in the files has no meaning here: said once, as a warning.</summary>
    internal IReadOnlyList<string> Notes { get; }

    /// <summary>Reads the files that apply on this machine; without one there is nothing to read.</summary>
    internal static RegistriesConfig Load(MachinePlaces places, string? path)
    {
        var byPrefix = new Dictionary<string, RegistryEntry>(StringComparer.Ordinal);
        var notes = new List<string>();
        foreach (var file in RegistriesConfigFiles.Find(places, path))
        {
            Add(RegistriesConfigReader.ReadFile(file, notes), byPrefix);
        }

        return new RegistriesConfig(byPrefix.Values, notes);
    }

    internal static RegistriesConfig Parse(string text, string path)
    {
        var byPrefix = new Dictionary<string, RegistryEntry>(StringComparer.Ordinal);
        var notes = new List<string>();
        Add(RegistriesConfigReader.Read(text, path, notes), byPrefix);
        return new RegistriesConfig(byPrefix.Values, notes);
    }

    /// <summary>Where the repository is; <paramref name="repository"/> may be empty for the registry as a whole.</summary>
    internal RegistryAddress Resolve(string registry, string repository)
    {
        var name = NameOf(registry, repository);
        if (Find(name, registry) is not { } entry)
        {
            return new RegistryAddress(registry, repository, false);
        }

        return entry.Blocked
            ? throw new OciException(OciErrorKind.Forbidden, $"'{name}' is blocked by '{entry.File}' (prefix '{entry.Prefix}').")
            : entry.Move(name, entry.Location, entry.Insecure);
    }

    /// <summary>The registry is marked as one without TLS; one that is blocked may be, too. An entry that leads elsewhere says it of that place.</summary>
    internal bool IsInsecure(string registry) =>
        Find(registry, registry) is { Insecure: true } entry && entry.Move(registry, entry.Location, insecure: true).Host == registry;

    /// <summary>Where a read is tried before <see cref="Resolve"/>'s place.</summary>
    internal IReadOnlyList<RegistryAddress> FindMirrors(string registry, string repository, bool byDigest)
    {
        var name = NameOf(registry, repository);
        return Find(name, registry) is not { } entry
            ? []
            : entry.Mirrors.Where(m => byDigest ? m.ForDigests : m.ForTags).Select(m => entry.Move(name, m.Location, m.Insecure)).ToList();
    }

    // A later file's entry takes the place of an earlier one's of the same prefix.
    private static void Add(IEnumerable<RegistryEntry> entries, Dictionary<string, RegistryEntry> byPrefix)
    {
        foreach (var entry in entries)
        {
            byPrefix[entry.Prefix] = entry;
        }
    }

    private static string NameOf(string registry, string repository) => repository.Length == 0 ? registry : registry + "/" + repository;

    private RegistryEntry? Find(string name, string registry) => _entries.FirstOrDefault(e => e.Matches(name, registry));
}
