using OciSync.Core.References;

namespace OciSync.Core.Distribution;

/// <summary>
/// Request targets as routes of a registry (a pure function). What isn't of the specification's grammar is no route: nothing is decoded but
/// the colon of a digest, and no dot segment is resolved.
/// </summary>
internal static class RegistryPath
{
    private const int MostCharacters = 2048;

    // So many parts "v2" are tried, and so many parts stand before one: each would be a name that is looked for in the folder.
    private const int MostTried = 8;
    private const int MostPrefixParts = 32;
    private const string Root = "/v2/";

    private static readonly (string Infix, RegistryAction Action)[] Actions =
    [
        ("/manifests/", RegistryAction.Manifest), ("/blobs/", RegistryAction.Blob), ("/referrers/", RegistryAction.Referrers),
    ];

    /// <summary>The path and the query of a target; an absolute one is taken without its scheme and host (RFC 9112, 3.2.2).</summary>
    internal static (string Path, string Query) Split(string target)
    {
        var scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0 && target[0] != '/')
        {
            var path = target.IndexOf('/', scheme + 3);
            target = path < 0 ? "/" : target.Substring(path);
        }

        var mark = target.IndexOf('?');
        return mark < 0 ? (target, string.Empty) : (target.Substring(0, mark), target.Substring(mark + 1));
    }

    /// <summary>
    /// The routes that a path may be: several where a part of it is <c>v2</c>, as it is below a mirror's address that has a path
    /// (<c>/v2/docker.io/v2/library/x/…</c>); the one without a prefix is first. None where it is no path of a registry.
    /// </summary>
    internal static IReadOnlyList<RegistryRoute> Read(string path)
    {
        // Longer than any name with its digest, and than what servers take: nothing is looked for in it.
        if (path.Length > MostCharacters)
        {
            return [];
        }

        // A tag may be v2: the base without its last slash is what is no other route.
        var routes = ReadAll(path);
        return routes.Count == 0 && path.EndsWith("/v2", StringComparison.Ordinal) ? ReadAll(path + "/") : routes;
    }

    private static List<RegistryRoute> ReadAll(string path)
    {
        var routes = new List<RegistryRoute>();
        var tried = 0;
        for (var at = path.IndexOf(Root, StringComparison.Ordinal); at >= 0 && tried++ < MostTried; at = path.IndexOf(Root, at + 1, StringComparison.Ordinal))
        {
            if (ReadPrefix(path.Substring(0, at)) is { } prefix && ReadRest(path.Substring(at + Root.Length), prefix) is { } route)
            {
                routes.Add(route);
            }
        }

        return routes;
    }

    // Of the address http://m/v2/mirror the client makes /v2/mirror/v2/…: the first v2 is not a part of any name.
    private static string? ReadPrefix(string text)
    {
        var parts = text.Length == 0 ? [] : text.Substring(1).Split('/').ToList();
        if (parts.Count > 0 && parts[0] == "v2")
        {
            parts.RemoveAt(0);
        }

        return parts.Count <= MostPrefixParts && parts.TrueForAll(IsPrefixPart) ? string.Join("/", parts) : null;
    }

    private static bool IsPrefixPart(string part) =>
        part.Length > 0 && part[0] != '.' && part.All(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '.' or '_' or '-');

    private static RegistryRoute? ReadRest(string rest, string prefix)
    {
        if (rest.Length == 0)
        {
            return new RegistryRoute(RegistryAction.Base, prefix);
        }

        if (rest == "_catalog")
        {
            return new RegistryRoute(RegistryAction.Catalogue, prefix);
        }

        const string TagList = "/tags/list";
        if (rest.EndsWith(TagList, StringComparison.Ordinal))
        {
            return Create(RegistryAction.Tags, prefix, rest.Substring(0, rest.Length - TagList.Length), string.Empty);
        }

        var last = rest.LastIndexOf('/');
        var head = rest.Substring(0, last + 1);
        foreach (var (infix, action) in Actions)
        {
            if (head.EndsWith(infix, StringComparison.Ordinal))
            {
                var reference = rest.Substring(last + 1).Replace("%3A", ":").Replace("%3a", ":");
                return Create(action, prefix, head.Substring(0, head.Length - infix.Length), reference);
            }
        }

        return null;
    }

    private static RegistryRoute? Create(RegistryAction action, string prefix, string name, string reference) =>
        RepositoryName.FindFault(name) is null ? new RegistryRoute(action, prefix, name, reference) : null;
}
