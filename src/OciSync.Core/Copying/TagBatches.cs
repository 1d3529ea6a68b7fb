using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Rows;

namespace OciSync.Core.Copying;

/// <summary>
/// Tags of one digest that go to one repository are written with one request, where the registry takes that. A destination that has everything but its tags
/// is set down here, and gives its place in the run to the next; the last of those that want the digest writes for all. Nobody waits where the registry is
/// known not to take several tags.
/// </summary>
internal sealed class TagBatches(CopyRun run) : IDisposable
{
    // A request has so many at most: an address has a length. Of more than that many tags, what they point to isn't found out before the registry is known.
    private const int MostTags = 10;
    private const int MostUnknown = 64;

    private readonly object _lock = new();
    private readonly Dictionary<string, TagPlan> _plans = new(StringComparer.Ordinal);
    private readonly List<Task> _writing = [];

    // One is the first at a time; the others wait for what it learns.
    private readonly SemaphoreSlim _first = new(1, 1);

    /// <summary>Tells which pairs of the run go to which tags, and how the digest is found that each wants.</summary>
    internal void Plan(IEnumerable<SyncPair> pairs, Func<SyncPair, Task<Digest?>> resolve)
    {
        foreach (var repository in pairs.Where(IsOpen).GroupBy(p => p.Destination.PlaceName))
        {
            var tags = repository.ToList();
            if (tags.Count > 1)
            {
                _plans[repository.Key] = new TagPlan(tags, resolve, run.Pool.Lifetime);
            }
        }
    }

    // What an image becomes is known by a question to its source alone, and nothing comes after its tag.
    private static bool IsOpen(SyncPair pair) => pair.Destination.Image?.Tag is not null && pair.IncludeReferrer != true
        && pair.Signing?.IsWanted != true && pair.Conversion!.MayNotChange
        && pair.Source.Transport is (ImageTransport.Docker or ImageTransport.Oci or ImageTransport.OciArchive);

    /// <summary>Takes a destination whose tags alone are missing; false when it has to write them itself.</summary>
    /// <remarks>The row of one that is taken comes by itself.</remarks>
    internal async Task<bool> TryJoinAsync(TagMember member, CancellationToken cancellationToken)
    {
        var copy = member.Target.Copy;
        if (copy.Client is not RegistryClient client || copy.Reference.Image?.Tag is null || copy.IsVerifying || member.Target.IncludeReferrer
            || member.Target.Signing.IsWanted || member.Target.Signatures.Any || member.Tree.Kept is not null || run.Tags.Find(client.Connection.Host) == false)
        {
            return false;
        }

        TagPlan? plan;
        lock (_lock)
        {
            _plans.TryGetValue(copy.Reference.PlaceName, out plan);
        }

        var digest = member.Tree.Root.Digest;
        var isOpen = plan is not null && (plan.Count <= MostUnknown || run.Tags.Find(client.Connection.Host) == true);
        if (!isOpen && member.Target.References.Count < 2)
        {
            return false;
        }

        var wanting = isOpen ? await plan!.FindAsync(digest, cancellationToken).ConfigureAwait(false) : [];
        TagBatch ready;
        lock (_lock)
        {
            ready = isOpen ? plan!.BatchOf(digest, wanting) : new TagBatch([]);
            ready.Join(member);
            if (!ready.IsReady)
            {
                return true;
            }

            plan?.Close(digest);
        }

        await WriteAsync(ready, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>To be called when a destination has its row: it is waited for no longer.</summary>
    internal void Leave(ImageTarget target)
    {
        lock (_lock)
        {
            if (_plans.TryGetValue(target.Copy.Reference.PlaceName, out var plan))
            {
                plan.Leave(target.Copy.Reference.ToString()).ForEach(Start);
            }
        }
    }

    /// <summary>Writes what is left when nobody comes any more, and waits until all is written.</summary>
    internal async Task EndAsync()
    {
        while (true)
        {
            Task[] writing;
            lock (_lock)
            {
                _plans.Values.SelectMany(p => p.CloseAll()).ToList().ForEach(Start);
                writing = [.. _writing];
                _writing.Clear();
            }

            if (writing.Length == 0)
            {
                return;
            }

            await Task.WhenAll(writing).ConfigureAwait(false);
        }
    }

    public void Dispose() => _first.Dispose();

    private void Start(TagBatch batch) => _writing.Add(Task.Run(() => WriteAsync(batch, run.Pool.Lifetime)));

    // Every member ends with its row, whatever happens.
    private async Task WriteAsync(TagBatch batch, CancellationToken cancellationToken)
    {
        var first = batch.Members[0];
        var client = (RegistryClient)first.Target.Copy.Client;
        var written = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var tags = batch.Members.SelectMany(m => m.Target.References).Distinct(StringComparer.Ordinal).ToList();
            for (var i = 0; i < tags.Count && run.Tags.Find(client.Connection.Host) != false; i += MostTags)
            {
                var part = tags.GetRange(i, Math.Min(MostTags, tags.Count - i));
                written.UnionWith(await TryTogetherAsync(first, client.Connection.Host, part, cancellationToken).ConfigureAwait(false));
            }
        }
        catch (Exception e) when (e is OciException or OperationCanceledException)
        {
            // The request with all tags says nothing of one of them: each is written by itself, and fails by itself.
            run.Events.Tell($"'{first.Target.Copy.Reference}': {e.Message}");
        }

        foreach (var member in batch.Members)
        {
            await EndAsync(member, written, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<string>> TryTogetherAsync(TagMember member, string host, List<string> tags, CancellationToken cancellationToken)
    {
        if (run.Tags.Find(host) == true)
        {
            return await TryTogetherAsync(member, tags, cancellationToken).ConfigureAwait(false);
        }

        if (tags.Count == 1)
        {
            // Nothing is won by the question.
            return [];
        }

        await _first.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (run.Tags.Find(host) == false)
            {
                return [];
            }

            var taken = await TryTogetherAsync(member, tags, cancellationToken).ConfigureAwait(false);
            run.Tags.Learn(host, taken.Count > 0);
            return taken;
        }
        finally
        {
            _first.Release();
        }
    }

    private static async Task<IReadOnlyList<string>> TryTogetherAsync(TagMember member, List<string> tags, CancellationToken cancellationToken)
    {
        try
        {
            return await member.Pusher.PushTaggedAsync(member.Tree.Root, tags, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (e.StatusCode is 400 or 404 or 405 or 414 or 415 or 422 or 501 && e.Kind != OciErrorKind.BlobUnknown)
        {
            return [];
        }
    }

    private async Task EndAsync(TagMember member, HashSet<string> written, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            if (member.Target.References.All(written.Contains))
            {
                member.Target.References.ToList().ForEach(member.Target.Copy.Tags.Learn);
                await member.CheckAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await member.PushAloneAsync(cancellationToken).ConfigureAwait(false);
                failure = member.Target.Copy.Failure;
            }
        }
        catch (Exception e) when (e is OciException or OperationCanceledException)
        {
            failure = e;
        }

        run.Finish(member.Target, member.Source, failure);
        member.Target.Copy.Dispose();
    }
}
