using OciSync.Core.AuthFiles;
using OciSync.Core.Errors;
using OciSync.Core.Flow;

namespace OciSync.Core.Logins;

/// <summary>The logins of one file and of the helpers it names. No helper is asked for a secret.</summary>
internal static class LoginLister
{
    internal static async Task<IReadOnlyList<KnownLogin>> ListAsync(
        AuthFilePlace place, CredentialHelpers helpers, EngineEvents events, Action<OciException> onFailure, CancellationToken cancellationToken)
    {
        var logins = new List<KnownLogin>();
        if (AuthFile.Load(place, events) is not { } file)
        {
            return logins;
        }

        foreach (var entry in file.Helpers)
        {
            var helper = new HelperUse(entry.Value, place.Path, $"credHelpers['{entry.Key}']");
            var users = await AskAsync(helpers, helper, onFailure, cancellationToken).ConfigureAwait(false);
            var user = AuthKeys.SpellingsOf(entry.Key, users.Keys).Select(server => users[server]).FirstOrDefault();
            logins.Add(new KnownLogin(entry.Key, user, helper.Describe()));
        }

        if (file.Store is { } store && helpers.IsInstalled(store))
        {
            var helper = new HelperUse(store, place.Path, "credsStore");
            var users = await AskAsync(helpers, helper, onFailure, cancellationToken).ConfigureAwait(false);
            logins.AddRange(users.Select(u => new KnownLogin(AuthKeys.Normalize(u.Key), u.Value, helper.Describe())));
        }

        logins.AddRange(file.Keys.Select(key => TryFind(file, key, place, onFailure)).OfType<KnownLogin>());
        return logins;
    }

    private static KnownLogin? TryFind(AuthFile file, string key, AuthFilePlace place, Action<OciException> onFailure)
    {
        try
        {
            return file.FindLogin(key) is { } login
                ? new KnownLogin(key, login.Username.Length > 0 ? login.Username : login.ToString(), $"'{place.Path}'")
                : null;
        }
        catch (OciException e)
        {
            onFailure(e);
            return null;
        }
    }

    private static async Task<IReadOnlyDictionary<string, string>> AskAsync(
        CredentialHelpers helpers, HelperUse helper, Action<OciException> onFailure, CancellationToken cancellationToken)
    {
        try
        {
            return await helpers.TryListAsync(helper, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            onFailure(e);
            return new Dictionary<string, string>();
        }
    }
}
