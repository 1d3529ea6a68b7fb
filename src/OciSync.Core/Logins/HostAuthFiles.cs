using OciSync.Core.Connections;

namespace OciSync.Core.Logins;

/// <summary>Files with logins: some registries have one of their own, which is then the only one; all others have the files of the run.</summary>
internal sealed class HostAuthFiles(IReadOnlyDictionary<string, ICredentialSource> byHost, IReadOnlyList<ICredentialSource> others) : ICredentialSource
{
    public async Task<FoundCredential?> FindAsync(RegistryAddress address, CancellationToken cancellationToken)
    {
        foreach (var file in byHost.TryGetValue(address.Host, out var own) ? [own] : others)
        {
            if (await file.FindAsync(address, cancellationToken).ConfigureAwait(false) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
