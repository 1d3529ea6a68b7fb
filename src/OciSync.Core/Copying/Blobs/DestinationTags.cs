using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Polyfills;
using OciSync.Core.Registry;

namespace OciSync.Core.Copying.Blobs;

/// <summary>
/// The tags of one destination repository in a run. When one of several is missing, the list is read, once and beside the other work; what it
/// lacks is then not asked for one by one. No tag waits for the list: until it is there, and where there is none, tags are asked for.
/// </summary>
internal sealed class DestinationTags
{
    // For fewer tags the list is no saving; nor is one of more pages than an eighth of the tags.
    private const int FewestTags = 4;
    private const int TagsPerPage = 8;

    // To ask for a blob takes as long as a list that is on its way; a list that takes longer is not waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private int _planned;
    private Task<Task>? _reading;
    private HashSet<string>? _listed;

    /// <summary>The repository had no tags when it was listed; images of this run aside it has nothing, or what a broken run has left.</summary>
    internal async Task<bool> IsNewAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _reading) is { IsCompleted: false } reading)
        {
            await reading.JoinAsync(cancellationToken).ConfigureAwait(false);
        }

        lock (_lock)
        {
            return _listed is { Count: 0 };
        }
    }

    /// <summary>One more tag that the run brings here.</summary>
    internal void Expect()
    {
        lock (_lock)
        {
            _planned++;
        }
    }

    /// <summary>To be called when the run has written a tag: it is there, whatever the list says.</summary>
    internal void Learn(string tag)
    {
        lock (_lock)
        {
            _written.Add(tag);
        }
    }

    /// <summary>What a tag points to here, or null.</summary>
    internal async Task<ManifestHead?> FindAsync(IImageDestination client, string tag, WorkScope work)
    {
        if (Lacks(tag))
        {
            return null;
        }

        var head = await client.HeadManifestAsync(tag, work).ConfigureAwait(false);
        if (head is null && client is RegistryClient registry)
        {
            Start(registry);
        }

        return head;
    }

    private bool Lacks(string tag)
    {
        lock (_lock)
        {
            return _listed is not null && !_listed.Contains(tag) && !_written.Contains(tag);
        }
    }

    private void Start(RegistryClient client)
    {
        lock (_lock)
        {
            if (_reading is null && _planned >= FewestTags)
            {
                var reading = ReadAsync(client);
                reading.Observe();
                _reading = Task.WhenAny(reading.EndOrAsync(Patience, client.Connection.Options.Time, CancellationToken.None));
            }
        }
    }

    private async Task ReadAsync(RegistryClient client)
    {
        await Task.Yield();
        try
        {
            var names = await NameLister.TryListTagsAsync(client, Math.Max(1, _planned / TagsPerPage), client.Connection.Lifetime).ConfigureAwait(false);
            Keep(names);
        }
        catch (OciException e) when (e.Kind == OciErrorKind.RepositoryUnknown)
        {
            Keep([]);
        }
        catch (OciException e)
        {
            client.Connection.Events.Tell($"'{client.DisplayName}' does not list its tags; each is asked for: {e.Message}");
        }
    }

    private void Keep(IReadOnlyList<string>? names)
    {
        if (names is not null)
        {
            lock (_lock)
            {
                _listed = new HashSet<string>(names, StringComparer.Ordinal);
            }
        }
    }
}
