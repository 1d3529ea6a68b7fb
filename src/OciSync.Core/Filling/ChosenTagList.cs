using OciSync.Core.Copying;
using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Syncing;

namespace OciSync.Core.Filling;

/// <summary>The images that one entry of a sync file chooses: those that it names, and those of a choice among tags, which is made anew at times.</summary>
internal sealed class ChosenTagList : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly FillEntry _entry;
    private readonly UpstreamImage _image;
    private readonly TimeProvider _time;
    private volatile Choice? _known;
    private volatile Trouble? _trouble;

    /// <param name="entry">What the sync file says.</param>
    /// <param name="path">The layout.</param>
    /// <param name="time">The clock.</param>
    internal ChosenTagList(FillEntry entry, string path, TimeProvider time)
    {
        (_entry, _time, _image) = (entry, time, new UpstreamImage(entry.Entry.Registry, entry.Entry.Repository));
        var place = new SyncPlace(
            GivenDestination.Read("oci:", _ => new ImageLocation(ImageTransport.Oci, path, null, null)),
            source => new ImageLocation(ImageTransport.Oci, path, _image.NameOf(source.Tag ?? source.Digest!.ToString()), null));
        Repositories = entry.Entry.Plan([place]) is { } plan ? [plan with { Trust = entry.Trust }] : [];
        Named = entry.Entry.Tag
            .Select(t => ImageReference.Parse(entry.Entry.ReferenceOf(t)))
            .Select(s => entry.Entry.Modify(new SyncPair(s, place.Name(s), s.ToString())) with { Trust = entry.Trust }).ToList();
    }

    /// <summary>The repository, for messages.</summary>
    internal string Name => _entry.Entry.Reference;

    /// <summary>Images that the entry names.</summary>
    internal IReadOnlyList<SyncPair> Named { get; }

    /// <summary>The repository, where the entry chooses among its tags.</summary>
    internal IReadOnlyList<SyncRepository> Repositories { get; }

    /// <summary>Whether something of it has to be known for some time before it is taken.</summary>
    internal bool HasAge => _entry.Entry.MinimumAge > TimeSpan.Zero;

    internal bool IsOf(UpstreamImage image) => image == _image;

    /// <summary>The tag or digest of a name in the folder; null when that is of another repository.</summary>
    internal string? ReferenceIn(string name)
    {
        var start = _image.FolderName;
        return name.Length > start.Length + 1 && name.StartsWith(start, StringComparison.Ordinal) && name[start.Length] is ':' or '@'
            ? name.Substring(start.Length + 1)
            : null;
    }

    /// <summary>The image that is named with this tag or digest; or null.</summary>
    internal SyncPair? FindNamed(string reference) => Named.FirstOrDefault(p => p.Source.Image!.Tag == reference)
        ?? Named.FirstOrDefault(p => p.Source.Image!.Digest?.ToString() == reference);

    /// <summary>The image of a tag that is chosen, by a choice that is not older than so; or null.</summary>
    internal async Task<SyncPair?> FindAsync(UpstreamPools pools, string tag, TimeSpan life, CancellationToken cancellationToken) =>
        (await ReadAsync(pools, life, cancellationToken).ConfigureAwait(false)).TryGetValue(tag, out var pair) ? pair : null;

    /// <summary>
    /// The choice among tags, made anew when it is older than so. Several who ask at once wait for one answer; when that is a failure, it is theirs too,
    /// and of all who ask in the next half minute, or while somebody finds out whether it is over.
    /// </summary>
    /// <exception cref="OciException">The registry doesn't say what tags there are.</exception>
    internal async Task<IReadOnlyDictionary<string, SyncPair>> ReadAsync(UpstreamPools pools, TimeSpan life, CancellationToken cancellationToken)
    {
        if (FindKnown(life) is { } known)
        {
            return known;
        }

        // One that is long past says nothing of now.
        if (_trouble is not { } before || _time.GetUtcNow() >= before.Until + TagAges.TroubleLife)
        {
            await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (!await _reading.WaitAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
        {
            throw before.Failure;
        }

        try
        {
            return FindKnown(life) ?? await ReadAnewAsync(pools, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _reading.Release();
        }
    }

    private IReadOnlyDictionary<string, SyncPair>? FindKnown(TimeSpan life) =>
        _known is { } known && _time.GetUtcNow() - known.At <= life ? known.Pairs : null;

    private async Task<IReadOnlyDictionary<string, SyncPair>> ReadAnewAsync(UpstreamPools pools, CancellationToken cancellationToken)
    {
        if (_trouble is { } trouble && _time.GetUtcNow() < trouble.Until)
        {
            throw trouble.Failure;
        }

        try
        {
            var pairs = await ChooseAsync(pools, cancellationToken).ConfigureAwait(false);
            _known = new Choice(pairs, _time.GetUtcNow());
            _trouble = null;
            return pairs;
        }
        catch (OciException e)
        {
            _trouble = new Trouble(e, _time.GetUtcNow() + TagAges.TroubleLife);
            throw;
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<IReadOnlyDictionary<string, SyncPair>> ChooseAsync(UpstreamPools pools, CancellationToken cancellationToken)
    {
        var pairs = new Dictionary<string, SyncPair>(StringComparer.Ordinal);
        if (Repositories.Count == 0)
        {
            return pairs;
        }

        using var lease = pools.Take();
        var request = new SyncRequest { Repositories = Repositories };
        var failure = default(Exception);
        using var run = new CopyRun(lease.Pool, isReadOnly: false, o => failure ??= o.Failure, null);
        var found = await new SyncExpander(run, request, new AgeGate(run, request, cancellationToken), cancellationToken)
            .ExpandAsync(Repositories).ConfigureAwait(false);
        if (failure is not null)
        {
            throw failure as OciException ?? new OciException(OciErrorKind.ServerError, failure.Message, failure);
        }

        foreach (var pair in found)
        {
            pairs[pair.Source.Image!.Tag!] = pair;
        }

        return pairs;
    }

    private sealed record Choice(IReadOnlyDictionary<string, SyncPair> Pairs, DateTimeOffset At);

    private sealed record Trouble(OciException Failure, DateTimeOffset Until);
}
