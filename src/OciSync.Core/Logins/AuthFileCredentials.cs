using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Flow;

namespace OciSync.Core.Logins;

/// <summary>
/// The logins of one file: <c>credHelpers</c>, then <c>credsStore</c>, then <c>auths</c>, each by the longest key that fits. The file is
/// read once, when it is first asked; a helper is asked once for a key.
/// </summary>
internal sealed class AuthFileCredentials(AuthFilePlace place, CredentialHelpers helpers, EngineEvents events) : ICredentialSource
{
    private readonly Lazy<AuthFile?> _file = new(() => AuthFile.Load(place, events));

    public async Task<FoundCredential?> FindAsync(RegistryAddress address, CancellationToken cancellationToken)
    {
        if (_file.Value is not { } file)
        {
            return null;
        }

        var keys = AuthKeys.LookupOrder(address.Host, address.Repository).ToList();
        return await FindInHelperAsync(file, keys, cancellationToken).ConfigureAwait(false)
            ?? await FindInStoreAsync(file, keys, cancellationToken).ConfigureAwait(false)
            ?? FindInFile(file, keys);
    }

    private async Task<FoundCredential?> FindInHelperAsync(AuthFile file, List<string> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            if (file.FindHelper(key) is not { } name)
            {
                continue;
            }

            var helper = new HelperUse(name, place.Path, $"credHelpers['{key}']");
            var credential = await helpers.GetAsync(helper, AuthKeys.ServerOf(key), cancellationToken).ConfigureAwait(false);
            if (credential is not null)
            {
                return new FoundCredential(credential, helper.Describe());
            }
        }

        return null;
    }

    private async Task<FoundCredential?> FindInStoreAsync(AuthFile file, List<string> keys, CancellationToken cancellationToken)
    {
        if (file.Store is not { } name || file.FindHelper(keys[keys.Count - 1]) is not null)
        {
            return null;
        }

        var helper = new HelperUse(name, place.Path, "credsStore");
        if (!helpers.IsInstalled(name))
        {
            // A config.json that came from another machine; its other entries may still be of use.
            events.Warn($"'{helper.Program}', which {helper.Key} of '{place.Path}' names, is not installed; logins it may hold are not used.");
            return null;
        }

        foreach (var server in await ChooseServersAsync(helper, keys, cancellationToken).ConfigureAwait(false))
        {
            if (await helpers.GetAsync(helper, server, cancellationToken).ConfigureAwait(false) is { } credential)
            {
                return new FoundCredential(credential, helper.Describe());
            }
        }

        return null;
    }

    // The list says which namespaces the store has; one that gives no list is asked for the registry, as docker does.
    private async Task<IReadOnlyList<string>> ChooseServersAsync(HelperUse helper, List<string> keys, CancellationToken cancellationToken)
    {
        var known = await helpers.TryListAsync(helper, cancellationToken).ConfigureAwait(false);
        var listed = keys.SelectMany(key => AuthKeys.SpellingsOf(key, known.Keys)).ToList();
        var host = AuthKeys.ServerOf(keys[keys.Count - 1]);
        return listed.Contains(host) ? listed : [.. listed, host];
    }

    private FoundCredential? FindInFile(AuthFile file, List<string> keys)
    {
        foreach (var key in keys)
        {
            if (file.FindLogin(key) is { } credential)
            {
                return new FoundCredential(credential, $"'{place.Path}', key '{key}'");
            }
        }

        return null;
    }
}
