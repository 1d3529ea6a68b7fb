using OciSync.Core.Archives;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Tar;
using OciSync.Core.Text;

namespace OciSync.Core.DockerEngine;

/// <summary>
/// A Docker engine with containerd's store that images are loaded into, whole and byte for byte: an OCI layout in the temp folder, all images of a run at once.
/// The engine drops what is damaged without a word: an image is there when the engine says that it has each manifest that was sent.
/// </summary>
internal sealed class WholeDestination(string displayName, FolderHost host, Func<CancellationToken, Task<DaemonStore>> findStore)
    : LayoutArchiveWriter(displayName, "the Docker engine", host)
{
    private static readonly string[] HubPrefixes = ["docker.io/library/", "docker.io/"];

    private readonly Dictionary<string, Manifest> _named = new(StringComparer.Ordinal);
    private readonly HashSet<Digest> _sent = [];
    private readonly Dictionary<string, OciException> _faults = new(StringComparer.Ordinal);

    public override async Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work)
    {
        if (FindHead(reference) is { } written)
        {
            return written;
        }

        using var client = DaemonClient.Create(Connection.Options);
        var held = await FindAsync(client, reference, work.Token).ConfigureAwait(false);
        var store = await findStore(work.Token).ConfigureAwait(false);
        return held?.IsReady(store.Platform) == true ? new ManifestHead(held.Digest, held.MediaType) : null;
    }

    public override async Task PutManifestAsync(string reference, Manifest manifest, bool isPart, WorkScope work)
    {
        await base.PutManifestAsync(reference, manifest, isPart, work).ConfigureAwait(false);
        lock (Lock)
        {
            _sent.Add(manifest.Digest);
            if (!isPart)
            {
                _named[reference] = manifest;
            }
        }
    }

    // The engine has all images of the run already.
    public override Task CommitAsync(CancellationToken cancellationToken) => _named.Count == 0 ? Task.CompletedTask : base.CommitAsync(cancellationToken);

    public override OciException? FindFault(string reference) => _faults.TryGetValue(reference, out var fault) ? fault : null;

    private protected override void CheckPlace()
    {
    }

    private protected override string CreateTemporary() => ArchiveTemp.Create(Connection.Options);

    private protected override async Task PublishAsync(string temporary, CancellationToken cancellationToken)
    {
        using var client = DaemonClient.Create(Connection.Options);
        var said = await client.LoadAsync(temporary, cancellationToken).ConfigureAwait(false);
        foreach (var (name, manifest) in _named.Select(n => (n.Key, n.Value)))
        {
            var held = await FindAsync(client, name, cancellationToken).ConfigureAwait(false);
            if (FindFault(name, manifest, held, said) is { } fault)
            {
                _faults[name] = client.Refused(fault, null, $"What is called '{Printable.Text(name)}' there now can't be used: docker image rm {name}");
            }
        }
    }

    private string? FindFault(string name, Manifest manifest, HeldImage? held, IReadOnlyList<string> said)
    {
        var line = said.FirstOrDefault(s => _named.Count == 1 || s.Contains(" " + Familiar(name) + ":"))?.TrimEnd('.');
        var lacking = held?.Parts.Where(p => !p.IsAvailable && _sent.Contains(p.Digest)).Select(p => p.Platform?.ToString() ?? p.Digest.ToString()).ToList();
        return line is not null ? line
            : held is null ? $"it has no '{Printable.Text(name)}' afterwards"
            : held.Digest != manifest.Digest ? $"it has {held.Digest} under the name '{Printable.Text(name)}' and not {manifest.Digest}"
            : lacking!.Count > 0 ? $"it has not kept {string.Join(", ", lacking)}, although it says that the image is loaded"
            : null;
    }

    // As the engine says a name to people.
    private static string Familiar(string name) => HubPrefixes.FirstOrDefault(p => name.StartsWith(p, StringComparison.Ordinal)) is { } prefix
        ? name.Substring(prefix.Length)
        : name;

    private static async Task<HeldImage?> FindAsync(DaemonClient client, string name, CancellationToken cancellationToken) =>
        await client.InspectAsync(name, cancellationToken).ConfigureAwait(false) is { } answer ? HeldImage.Read(name, answer) : null;
}
