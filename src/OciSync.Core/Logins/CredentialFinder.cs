using System.Collections.Concurrent;
using OciSync.Core.Connections;
using OciSync.Core.Flow;

namespace OciSync.Core.Logins;

/// <summary>
/// Who we are at a repository: the places are asked in their order, and the first that has a login wins. A place is not read before
/// it is reached, so what is broken further down does no harm. What was found is kept for the run and told once.
/// </summary>
internal sealed class CredentialFinder(IReadOnlyList<ICredentialSource> sources, EngineEvents events, CancellationToken lifetime)
{
    private readonly SingleFlight<string, FoundCredential?> _found = new(lifetime);
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    internal Task<FoundCredential?> FindAsync(RegistryAddress address, CancellationToken cancellationToken) =>
        _found.RunAsync(address.Host + "/" + address.Repository, token => SearchAsync(address, token), cancellationToken);

    private async Task<FoundCredential?> SearchAsync(RegistryAddress address, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            if (await source.FindAsync(address, cancellationToken).ConfigureAwait(false) is { } found)
            {
                Tell(address.Host, found.Logins.Current.IsAnonymous ? $"no login ({found.Place})" : $"login of '{found.Logins.Current}' ({found.Place})");
                return found.Logins.Current.IsAnonymous ? null : found;
            }
        }

        Tell(address.Host, "no login found; asking without one");
        return null;
    }

    private void Tell(string host, string text)
    {
        if (_told.TryAdd(host + " " + text, true))
        {
            events.Tell($"'{host}': {text}.");
        }
    }
}
