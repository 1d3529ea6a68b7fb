using OciSync.Core.Auth;
using OciSync.Core.References;

namespace OciSync.Core.Syncing.Documents;

/// <summary>
/// The accounts of sync-image: <c>hub</c> (destinations) and <c>dockerHub</c> (who pulls from Docker Hub) of the file, and the variables
/// its workflows set. Lists are separated by commas; the first account of Docker Hub is used.
/// </summary>
internal sealed class SyncImageHubs(SyncFileContext context, SyncFileContent content)
{
    internal void Read(YamlMap map)
    {
        foreach (var (item, hub) in Items(map, "dockerHub"))
        {
            var (_, user, password) = Account(hub);
            Add(RegistryHost.DockerHub, user, password);
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
        Add(RegistryHost.DockerHub, First("SRC_HUB_USERNAME"), First("SRC_HUB_PASSWORD"));
        Add(RegistryHost.DockerHub, First("DOCKER_HUB_USERNAME"), First("DOCKER_HUB_PASSWORD"));
        Add("ghcr.io", "token", context.Variables("MY_GITHUB_TOKEN"));
        if (First("DEST_HUB_USERNAME") is { } user && First("DEST_HUB_PASSWORD") is { } password)
        {
            content.DestinationLogin = RegistryCredential.FromPassword(user, password);
        }

        var (urls, users, passwords) = (List("HUB_URL"), List("HUB_USERNAME"), List("HUB_PASSWORD"));
        for (var i = 0; is2026 && i < urls.Length; i++)
        {
            AddDestination(urls[i], users.ElementAtOrDefault(i), passwords.ElementAtOrDefault(i));
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
