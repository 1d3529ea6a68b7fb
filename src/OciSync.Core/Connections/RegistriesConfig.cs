using OciSync.Core.Errors;
using OciSync.Core.References;
using Tomlyn;
using Tomlyn.Model;

namespace OciSync.Core.Connections;

/// <summary>
/// containers-registries.conf(5), version 2: <c>prefix</c>, <c>location</c>, <c>insecure</c> and <c>blocked</c> of each <c>[[registry]]</c>.
/// The longest matching prefix wins and is replaced by the location.
/// </summary>
internal sealed class RegistriesConfig
{
    internal const string PathVariable = "CONTAINERS_REGISTRIES_CONF";

    private readonly List<Entry> _entries;

    private RegistriesConfig(List<Entry> entries) => _entries = entries;

    internal static RegistriesConfig Empty { get; } = new([]);

    /// <summary>Reads the file that the environment names; without one there is nothing to read.</summary>
    internal static RegistriesConfig Load(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return Empty;
        }

        try
        {
            return Parse(File.ReadAllText(path!), path!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.ConfigurationInvalid, $"The file '{path}' that {PathVariable} names can't be read: {e.Message}", e);
        }
    }

    internal static RegistriesConfig Parse(string text, string path)
    {
        TomlTable? table;
        try
        {
            table = TomlSerializer.Deserialize<TomlTable>(text);
        }
        catch (TomlException e)
        {
            throw new OciException(OciErrorKind.ConfigurationInvalid, $"'{path}' is not a registries.conf of version 2: {e.Message}", e);
        }

        if (table is null || !table.TryGetValue("registry", out var registries))
        {
            return Empty;
        }

        return registries is TomlTableArray array
            ? new RegistriesConfig(array.Select(t => ReadEntry(t, path)).OrderByDescending(e => e.Prefix.Length).ToList())
            : throw new OciException(OciErrorKind.ConfigurationInvalid, $"'{path}': 'registry' must be a list of [[registry]] tables.");
    }

    /// <summary>Where the repository is; <paramref name="repository"/> may be empty for the registry as a whole.</summary>
    internal RegistryAddress Resolve(string registry, string repository)
    {
        var name = repository.Length == 0 ? registry : registry + "/" + repository;
        var entry = _entries.FirstOrDefault(e => e.Matches(name, registry));
        if (entry is null)
        {
            return new RegistryAddress(registry, repository, false);
        }

        if (entry.Blocked)
        {
            throw new OciException(OciErrorKind.Forbidden, $"'{name}' is blocked by registries.conf (prefix '{entry.Prefix}').");
        }

        var moved = entry.Move(name);
        var slash = moved.IndexOf('/');
        return slash < 0
            ? new RegistryAddress(moved, string.Empty, entry.Insecure)
            : new RegistryAddress(moved.Substring(0, slash), moved.Substring(slash + 1), entry.Insecure);
    }

    private static Entry ReadEntry(TomlTable table, string path)
    {
        var location = Text(table, "location");
        var prefix = Text(table, "prefix") ?? location
            ?? throw new OciException(OciErrorKind.ConfigurationInvalid, $"'{path}': a [[registry]] needs a prefix or a location.");
        if (location is null && prefix.StartsWith("*.", StringComparison.Ordinal))
        {
            location = string.Empty;
        }

        return new Entry(prefix.TrimEnd('/'), (location ?? prefix).TrimEnd('/'), Flag(table, "insecure"), Flag(table, "blocked"));
    }

    private static string? Text(TomlTable table, string key) =>
        table.TryGetValue(key, out var value) && value is string { Length: > 0 } text ? text : null;

    private static bool Flag(TomlTable table, string key) => table.TryGetValue(key, out var value) && value is true;

    private sealed record Entry(string Prefix, string Location, bool Insecure, bool Blocked)
    {
        private bool IsWildcard => Prefix.StartsWith("*.", StringComparison.Ordinal);

        internal bool Matches(string name, string registry)
        {
            if (IsWildcard)
            {
                return RegistryHost.Split(registry).Host.EndsWith(Prefix.Substring(1), StringComparison.Ordinal);
            }

            return name.StartsWith(Prefix, StringComparison.Ordinal) && (name.Length == Prefix.Length || name[Prefix.Length] == '/');
        }

        internal string Move(string name)
        {
            if (!IsWildcard)
            {
                return Location + name.Substring(Prefix.Length);
            }

            var slash = name.IndexOf('/');
            return Location.Length == 0 ? name : Location + (slash < 0 ? string.Empty : name.Substring(slash));
        }
    }
}
