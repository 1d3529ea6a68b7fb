using OciSync.Core.References;

namespace OciSync.Core.AuthFiles;

/// <summary>The names under which logins are kept: a host, a host with a path (containers-auth.json(5)), or Docker Hub's old URL.</summary>
internal static class AuthKeys
{
    /// <summary>How docker and its helpers call Docker Hub.</summary>
    internal const string DockerHubServer = "https://index.docker.io/v1/";

    /// <summary>The keys of a repository, the most special first: host/team/app, host/team, host.</summary>
    internal static IEnumerable<string> LookupOrder(string host, string repository)
    {
        var name = repository.Length == 0 ? host : host + "/" + repository;
        while (true)
        {
            yield return name;
            var slash = name.LastIndexOf('/');
            if (slash < 0)
            {
                yield break;
            }

            name = name.Substring(0, slash);
        }
    }

    /// <summary>A key as it is compared: without scheme and API path, Docker Hub under its one name.</summary>
    internal static string Normalize(string key)
    {
        var name = key.Trim();
        foreach (var scheme in new[] { "https://", "http://" })
        {
            name = name.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? name.Substring(scheme.Length) : name;
        }

        // Old entries carry the API's path: https://index.docker.io/v1/. Without scheme and last slash, v1 is a namespace like others.
        string[] suffixes = name.Length < key.Trim().Length ? ["/v1/", "/v2/", "/v1", "/v2", "/"] : ["/v1/", "/v2/", "/"];
        foreach (var suffix in suffixes)
        {
            name = name.EndsWith(suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - suffix.Length) : name;
        }

        var slash = name.IndexOf('/');
        return slash < 0 ? RegistryHost.Normalize(name) : RegistryHost.Normalize(name.Substring(0, slash)) + name.Substring(slash);
    }

    /// <summary>The names among these that stand for a key, the one that a helper is asked for first.</summary>
    internal static IEnumerable<string> SpellingsOf(string key, IEnumerable<string> names) =>
        names.Where(name => Normalize(name) == key).OrderByDescending(name => name == ServerOf(key));

    /// <summary>The server's name as a credential helper is asked for it.</summary>
    internal static string ServerOf(string key) => key == RegistryHost.DockerHub ? DockerHubServer : key;
}
