using System.Collections.Concurrent;
using OciSync.Core.Machine;
using OciSync.Core.Polyfills;

namespace OciSync.Core.AuthFiles;

/// <summary>The credential helpers of a run. Each is asked once for a server; an answer, and a failure too, is kept for the run.</summary>
internal sealed class CredentialHelpers(UserEnvironment environment, TimeSpan limit, CancellationToken lifetime)
{
    private readonly ConcurrentDictionary<(string Name, string Server), Lazy<Task<RegistryCredential?>>> _answers = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyDictionary<string, string>>>> _lists = new(StringComparer.Ordinal);

    internal bool IsInstalled(string name) =>
        !HelperProgram.IsName(name) || HelperProgram.Find("docker-credential-" + name, environment) is not null;

    internal Task<RegistryCredential?> GetAsync(HelperUse helper, string server, CancellationToken cancellationToken) =>
        _answers.GetOrAdd((helper.Name, server), _ => new(() => Create(helper).GetAsync(server, lifetime))).Value.JoinAsync(cancellationToken);

    /// <summary>The servers of a helper and their users; empty when it gives no list.</summary>
    internal Task<IReadOnlyDictionary<string, string>> TryListAsync(HelperUse helper, CancellationToken cancellationToken) =>
        _lists.GetOrAdd(helper.Name, _ => new(() => Create(helper).TryListAsync(lifetime))).Value.JoinAsync(cancellationToken);

    internal CredentialHelper Create(HelperUse helper) => new(helper, environment, limit);
}
