using OciSync.Core.AuthFiles;
using OciSync.Core.Flow;

namespace OciSync.Core.Logins;

/// <summary>The places credentials come from, first place first.</summary>
internal static class CredentialSources
{
    internal static CredentialFinder CreateFinder(
        EngineOptions options,
        EngineEvents events,
        RegistrySessions sessions,
        IReadOnlyDictionary<string, RegistryCredential> byHost,
        IReadOnlyDictionary<string, LoginRing> ofSyncFiles,
        CancellationToken lifetime)
    {
        var given = new HostCredentials(byHost.ToDictionary(h => h.Key, h => new LoginRing([h.Value]), StringComparer.Ordinal));
        var helpers = new CredentialHelpers(options.Environment, options.HelperTimeout, lifetime);
        var own = options.AuthFiles.ToDictionary(
            f => f.Key,
            f => (ICredentialSource)new AuthFileCredentials(new AuthFilePlace(f.Value) { IsRequired = true }, helpers, events),
            StringComparer.Ordinal);
        if (options.Anonymous)
        {
            return new CredentialFinder([given, new HostAuthFiles(own, []), new NoCredentials()], events, lifetime);
        }

        var files = CredentialPlaces.Find(options.Environment, options.AuthFilePath)
            .Select(place => new AuthFileCredentials(place, helpers, events)).ToList();
        return new CredentialFinder(
            [given, new SessionCredentials(sessions), new HostCredentials(ofSyncFiles, "the sync file"), new HostAuthFiles(own, files)], events, lifetime);
    }
}
