using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;

namespace OciSync.Core.Logins;

/// <summary>
/// The logins that outlive a session. They are stored where docker stores them: in the helper of the registry, else in the store for all,
/// else in the file.
/// </summary>
/// <param name="options">Which file, when not docker's.</param>
/// <param name="events">Who is told what is worth a warning.</param>
public sealed class LoginStore(EngineOptions options, EngineEvents events)
{
    private string Target { get; } = CredentialPlaces.FindTarget(options.Environment, options.AuthFilePath);

    /// <summary>Makes sure that a credential file that was named is there and is one, whether or not a login will be looked for in it.</summary>
    /// <exception cref="OciException">It is not (<see cref="OciErrorKind.ConfigurationInvalid"/>).</exception>
    public static void Require(string path) => AuthFile.Load(new AuthFilePlace(path) { IsRequired = true }, EngineEvents.None);

    /// <summary>Stores a login under a key that <see cref="OciEngine.ResolveKey"/> gave; says where.</summary>
    public async Task<string> SaveAsync(string key, RegistryCredential credential, CancellationToken cancellationToken)
    {
        if (credential.IsRegistryToken || credential.IsAnonymous)
        {
            throw new OciException(OciErrorKind.Unsupported, "A registry token is short-lived and is not stored. Use -Credential with -Save.");
        }

        if (FindHelper(key) is not { } helper)
        {
            await AuthFileWriter.ChangeAsync(Target, old => AuthFileEditor.SetLogin(Target, old, key, credential), cancellationToken).ConfigureAwait(false);
            return $"'{Target}'";
        }

        await Create(helper).StoreAsync(AuthKeys.ServerOf(key), credential, cancellationToken).ConfigureAwait(false);

        // What the file had in plain text is out of date now.
        await AuthFileWriter.ChangeAsync(Target, old => AuthFileEditor.RemoveLogin(Target, old, key), cancellationToken).ConfigureAwait(false);
        return helper.Describe();
    }

    /// <summary>Removes a login from where <see cref="SaveAsync"/> stores it; gives that place, or null when it had none.</summary>
    public async Task<string?> RemoveAsync(string key, CancellationToken cancellationToken)
    {
        string? place = null;
        if (FindHelper(key) is { } helper && await Create(helper).EraseAsync(AuthKeys.ServerOf(key), cancellationToken).ConfigureAwait(false))
        {
            place = helper.Describe();
        }

        return File.Exists(Target)
            && await AuthFileWriter.ChangeAsync(Target, old => AuthFileEditor.RemoveLogin(Target, old, key), cancellationToken).ConfigureAwait(false)
            ? place ?? $"'{Target}'"
            : place;
    }

    /// <summary>The stored login that a registry or namespace would be asked with, or null.</summary>
    public async Task<KnownLogin?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var parts = key.Split(['/'], 2);
        var finder = CredentialSources.CreateFinder(
            options,
            EngineEvents.None, new RegistrySessions(), new Dictionary<string, RegistryCredential>(), new Dictionary<string, LoginRing>(), cancellationToken);
        var found = await finder.FindAsync(new RegistryAddress(parts[0], parts.Length > 1 ? parts[1] : string.Empty, false), cancellationToken)
            .ConfigureAwait(false);
        return found is null ? null : new KnownLogin(key, found.Logins.Current.ToString(), found.Place);
    }

    /// <summary>All stored logins, the first of each registry. A place that can't be read is told, and the others go on.</summary>
    public async Task<IReadOnlyList<KnownLogin>> ListAsync(Action<OciException> onFailure, CancellationToken cancellationToken)
    {
        var helpers = new CredentialHelpers(options.Environment, options.HelperTimeout, cancellationToken);
        var logins = new List<KnownLogin>();
        foreach (var place in CredentialPlaces.Find(options.Environment, options.AuthFilePath))
        {
            try
            {
                logins.AddRange(await LoginLister.ListAsync(place, helpers, events, onFailure, cancellationToken).ConfigureAwait(false));
            }
            catch (OciException e)
            {
                onFailure(e);
            }
        }

        return logins.GroupBy(l => l.Registry, StringComparer.Ordinal).Select(g => g.First()).ToList();
    }

    private HelperUse? FindHelper(string key)
    {
        if (AuthFile.Load(new AuthFilePlace(Target), events) is not { } file)
        {
            return null;
        }

        var parts = key.Split(['/'], 2);
        foreach (var name in AuthKeys.LookupOrder(parts[0], parts.Length > 1 ? parts[1] : string.Empty))
        {
            if (file.FindHelper(name) is { } helper)
            {
                return new HelperUse(helper, Target, $"credHelpers['{name}']");
            }
        }

        return file.Store is { } store ? new HelperUse(store, Target, "credsStore") : null;
    }

    private CredentialHelper Create(HelperUse helper) => new(helper, options.Environment, options.HelperTimeout);
}
