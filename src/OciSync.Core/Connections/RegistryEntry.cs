using OciSync.Core.References;

namespace OciSync.Core.Connections;

/// <summary>One <c>[[registry]]</c> of a registries.conf: the names it is for, and where they lead.</summary>
internal sealed record RegistryEntry(string Prefix, string Location, bool Insecure, bool Blocked, string File)
{
    /// <summary>Where reads are tried first, in this order.</summary>
    internal IReadOnlyList<MirrorEntry> Mirrors { get; init; } = [];

    private bool IsWildcard => Prefix.StartsWith("*.", StringComparison.Ordinal);

    internal bool Matches(string name, string registry) => IsWildcard
        ? RegistryHost.Split(registry).Host.EndsWith(Prefix.Substring(1), StringComparison.Ordinal)
        : name.StartsWith(Prefix, StringComparison.Ordinal) && (name.Length == Prefix.Length || name[Prefix.Length] == '/');

    /// <summary>The name with the prefix replaced; without a location (a wildcard's may be empty) it stays.</summary>
    internal RegistryAddress Move(string name, string location, bool insecure)
    {
        var slash = name.IndexOf('/');
        var rest = !IsWildcard ? name.Substring(Prefix.Length) : slash < 0 ? string.Empty : name.Substring(slash);
        var moved = location.Length == 0 ? name : location + rest;
        var end = moved.IndexOf('/');
        return end < 0
            ? new RegistryAddress(RegistryHost.Normalize(moved), string.Empty, insecure)
            : new RegistryAddress(RegistryHost.Normalize(moved.Substring(0, end)), moved.Substring(end + 1), insecure);
    }
}
