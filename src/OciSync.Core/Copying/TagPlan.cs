using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Rows;

namespace OciSync.Core.Copying;

/// <summary>The tags that a run brings to one repository, and what each of them is to point to.</summary>
/// <param name="pairs">The pairs, each with a tag of the repository as its destination.</param>
/// <param name="resolve">Finds what a pair's destination is to point to; null when that can't be told.</param>
/// <param name="lifetime">Cancelled when the run ends.</param>
internal sealed class TagPlan(IReadOnlyList<SyncPair> pairs, Func<SyncPair, Task<Digest?>> resolve, CancellationToken lifetime)
{
    private const int AtATime = 6;

    private readonly Once<ILookup<Digest, string>> _wanted = new(lifetime);
    private readonly Dictionary<Digest, TagBatch> _open = [];
    private readonly HashSet<string> _left = new(StringComparer.Ordinal);

    internal int Count => pairs.Count;

    /// <summary>The destinations that want a digest. The sources are asked for what isn't known yet, once, which each would be asked anyway.</summary>
    internal async Task<IEnumerable<string>> FindAsync(Digest digest, CancellationToken cancellationToken) =>
        (await _wanted.RunAsync(ResolveAsync, cancellationToken).ConfigureAwait(false))[digest];

    /// <summary>The batch of a digest; to be called under the lock of all.</summary>
    internal TagBatch BatchOf(Digest digest, IEnumerable<string> wanting)
    {
        if (!_open.TryGetValue(digest, out var batch))
        {
            _open.Add(digest, batch = new TagBatch(wanting.Where(w => !_left.Contains(w))));
        }

        return batch;
    }

    /// <summary>A batch that is being written takes nobody more.</summary>
    internal void Close(Digest digest) => _open.Remove(digest);

    /// <summary>One that has ended; gives the batches that wait for nobody else.</summary>
    internal List<TagBatch> Leave(string name)
    {
        _left.Add(name);
        _open.Values.ToList().ForEach(b => b.Leave(name));
        return Take(b => b.IsReady);
    }

    /// <summary>Gives what is still open.</summary>
    internal List<TagBatch> CloseAll() => Take(b => b.Members.Count > 0);

    private List<TagBatch> Take(Func<TagBatch, bool> isTaken)
    {
        var taken = _open.Where(o => isTaken(o.Value)).ToList();
        taken.ForEach(t => _open.Remove(t.Key));
        return taken.ConvertAll(t => t.Value);
    }

    private async Task<ILookup<Digest, string>> ResolveAsync(CancellationToken cancellationToken)
    {
        var found = new Digest?[pairs.Count];
        await Throttle.ForEachAsync(
            Enumerable.Range(0, pairs.Count), AtATime, async (i, _) => found[i] = await resolve(pairs[i]).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
        return Enumerable.Range(0, pairs.Count).Where(i => found[i] is not null).ToLookup(i => found[i]!, i => pairs[i].Destination.ToString());
    }
}

/// <summary>The tags of one digest in one repository that a run writes together: who has come as far, and who is still waited for.</summary>
/// <param name="expected">The destinations that want this digest, by their names.</param>
internal sealed class TagBatch(IEnumerable<string> expected)
{
    private readonly HashSet<string> _expected = new(expected, StringComparer.Ordinal);

    /// <summary>Who has everything at the registry but its tags.</summary>
    internal List<TagMember> Members { get; } = [];

    internal bool IsReady => _expected.Count == 0 && Members.Count > 0;

    internal void Join(TagMember member)
    {
        _expected.Remove(member.Name);
        Members.Add(member);
    }

    /// <summary>One that ended without writing its tag.</summary>
    internal void Leave(string name) => _expected.Remove(name);
}

/// <summary>A destination in a batch.</summary>
/// <param name="Target">The destination.</param>
/// <param name="Source">Its image.</param>
/// <param name="Tree">The manifests of that, all but the root written.</param>
/// <param name="Pusher">Writes for this destination.</param>
/// <param name="CheckAsync">Looks, where that is due, whether the registry has really stored it.</param>
/// <param name="PushAloneAsync">Writes its tags as if there were no others: with what is done for a registry that refuses its format, and the checks.</param>
internal sealed record TagMember(
    ImageTarget Target,
    SourceImage Source,
    ImageTree Tree,
    ManifestPusher Pusher,
    Func<CancellationToken, Task> CheckAsync,
    Func<CancellationToken, Task> PushAloneAsync)
{
    internal string Name => Target.Copy.Reference.ToString();
}
