using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;

namespace OciSync.Core.Logins;

/// <summary><c>-Anonymous</c>: no login, wherever there may be one.</summary>
internal sealed class NoCredentials : ICredentialSource
{
    public Task<FoundCredential?> FindAsync(RegistryAddress address, CancellationToken cancellationToken) =>
        Task.FromResult<FoundCredential?>(new FoundCredential(RegistryCredential.Anonymous, "-Anonymous"));
}
