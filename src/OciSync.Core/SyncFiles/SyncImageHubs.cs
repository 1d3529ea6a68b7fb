using OciSync.Core.AuthFiles;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Yaml;

namespace OciSync.Core.SyncFiles;

/// <summary>
/// The accounts of sync-image: <c>hub</c> (destinations) and <c>dockerHub</c> (who pulls from Docker Hub) of the file, and the variables
/// its workflows set. Lists are separated by commas; of several accounts that pull from Docker Hub the next is used when one has no pulls left.
/// </summary>
internal sealed class SyncImageHubs(SyncFileContext context, SyncFileContent content)
{
    internal void Read(YamlMap map)
    {
        foreach (var (item, hub) in Items(map, "dockerHub"))
        {
            var (_, user, password) = Account(hub);
            AddPuller(user, password);
        }

        foreach (var (item, hub) in Items(map, "hub"))
        {
            var (url, user, password) = Account(hub);
            if (url is null)
            {
                context.Add(item, "An item of 'hub' needs a url: the registry images go to.");
                continue;
            }

            AddDestination(url, user, password);
        }
    }

    internal void ReadEnvironment(bool is2026)
    {
        AddPullers("SRC_HUB_USERNAME", "SRC_HUB_PASSWORD");
        AddPullers("DOCKER_HUB_USERNAME", "DOCKER_HUB_PASSWORD");
        Add("ghcr.io", "token", context.Variables("MY_GITHUB_TOKEN"));
        ReadDestinationLogin();
        var (urls, users, passwords) = (List("HUB_URL"), List("HUB_USERNAME"), List("HUB_PASSWORD"));
        for (var i = 0; is2026 && i < urls.Length; i++)
        {
            AddDestination(urls[i], users.ElementAtOrDefault(i), passwords.ElementAtOrDefault(i));
        }
    }

    /// <summary>The login for destinations that have none of their own.</summary>
    internal void ReadDestinationLogin()
    {
        if (First("DEST_HUB_USERNAME") is { } user && First("DEST_HUB_PASSWORD") is { } password)
        {
            content.DestinationLogin = RegistryCredential.FromPassword(user, password);
        }
    }

    // A password may have a comma when there is only one.
    private void AddPullers(string names, string passwords)
    {
        var users = List(names);
        var secrets = users.Length == 1 ? [context.Variables(passwords) ?? string.Empty] : List(passwords);
        if (users.Length != secrets.Length)
        {
            context.Warnings.Add($"{names} has {users.Length} names and {passwords} {secrets.Length} values; what has no partner is not used.");
        }

        for (var i = 0; i < Math.Min(users.Length, secrets.Length); i++)
        {
            AddPuller(users[i], secrets[i]);
        }
    }

    private void AddPuller(string? user, string? password)
    {
        var hub = content.Registries.FindIndex(r => r.Registry == RegistryHost.DockerHub);
        if (hub < 0)
        {
            Add(RegistryHost.DockerHub, user, password);
        }
        else if (!string.IsNullOrEmpty(user) && !string.IsNullOrEmpty(password) && !content.Registries[hub].Credentials.Any(c => c.Username == user))
        {
            content.Registries[hub] = new SyncRegistry(RegistryHost.DockerHub)
            {
                Credentials = [.. content.Registries[hub].Credentials, RegistryCredential.FromPassword(user!, password!)],
            };
        }
    }

    private static (string? Url, string? User, string? Password) Account(YamlMap hub)
    {
        var account = (hub.Text("url"), hub.Text("username"), hub.Text("password"));
        hub.RefuseOthers();
        return account;
    }

    private List<(YamlNode Item, YamlMap Hub)> Items(YamlMap map, string key)
    {
        if (map.Find(key) is not { } list)
        {
            return [];
        }

        if (list.Kind == YamlKind.Sequence)
        {
            return list.Items.Select(i => (i, YamlMap.Of(i, $"An item of '{key}'", context))).ToList();
        }

        context.Add(list, $"'{key}' must be a list of url, username and password.");
        return [];
    }

    // Huawei's user is region@key, and the namespace there is not the user's name: it stands in the url.
    private void AddDestination(string url, string? user, string? password)
    {
        var place = url.Trim().TrimEnd('/');
        var needsUser = !string.IsNullOrEmpty(user) && !user!.Contains("@") && !place.Contains("/");
        content.Destinations.Add(new SyncDestination(needsUser ? place + "/" + user : place));
        Add(place.Split('/')[0], user, password);
    }

    private void Add(string registry, string? user, string? password)
    {
        if (!string.IsNullOrEmpty(user) && !string.IsNullOrEmpty(password) && !content.Registries.Exists(r => r.Registry == registry))
        {
            content.Registries.Add(new SyncRegistry(registry) { Credential = RegistryCredential.FromPassword(user!, password!) });
        }
    }

    private string? First(string variable) => List(variable).FirstOrDefault();

    private string[] List(string variable) =>
        (context.Variables(variable) ?? string.Empty).Split(',').Select(v => v.Trim()).Where(v => v.Length > 0).ToArray();
}
