using OciSync.Core.Copying;
using OciSync.Core.Distribution;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Enforcing;
using OciSync.Core.Syncing;

namespace OciSync.Core.Filling;

/// <summary>
/// What may be fetched where sync files choose: the images that they name or choose, when they are known here for long enough, and when their
/// policy lets them in. The same rules as those of a sync, asked for one image at a time.
/// </summary>
internal sealed class FillGate : IDisposable
{
    // A tag that is new upstream is found so soon.
    private static readonly TimeSpan ShortestLife = TimeSpan.FromMinutes(1);

    // How often tags are looked at so that they grow older, though no client asks for them.
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromMinutes(15);

    private readonly UpstreamPools _pools;
    private readonly EngineEvents _events;
    private readonly TimeProvider _time;
    private readonly TimeSpan _life;
    private readonly CancellationToken _lifetime;
    private readonly List<ChosenTagList> _lists;

    /// <param name="entries">What the sync files say.</param>
    /// <param name="path">The layout.</param>
    /// <param name="pools">The registries.</param>
    /// <param name="events">Told of what is refused.</param>
    /// <param name="time">The clock.</param>
    /// <param name="life">How long a choice among tags holds.</param>
    /// <param name="lifetime">Ends the work.</param>
    internal FillGate(
        IEnumerable<FillEntry> entries, string path, UpstreamPools pools, EngineEvents events, TimeProvider time, TimeSpan life, CancellationToken lifetime)
    {
        (_pools, _events, _time, _life, _lifetime) = (pools, events, time, life, lifetime);
        _lists = entries.Select(e => new ChosenTagList(e, path, time)).ToList();
    }

    /// <summary>Whether an image is other bytes in the folder than upstream: then it can't be served while it comes.</summary>
    internal static bool IsChange(SyncPair pair) =>
        pair.Selection is { IsEverything: false } or { KeepIndex: true } || pair.Conversion is { MayNotChange: false };

    /// <summary>Fails when what is too young can't be known. <exception cref="OciException">There is no place to note it.</exception></summary>
    internal void Check()
    {
        using var lease = _pools.Take();
        using var run = new CopyRun(lease.Pool, isReadOnly: false, _ => { }, null);
        var all = new SyncRequest { Pairs = _lists.SelectMany(l => l.Named).ToList(), Repositories = _lists.SelectMany(l => l.Repositories).ToList() };
        new AgeGate(run, all, _lifetime).Check();
    }

    /// <summary>Looks from time to time at what has to be known for some time, so that it grows older though nobody asks for it.</summary>
    internal async Task WatchAsync()
    {
        while (_lists.Exists(l => l.HasAge))
        {
            foreach (var list in _lists.Where(l => l.HasAge))
            {
                try
                {
                    await list.ReadAsync(_pools, TimeSpan.Zero, _lifetime).ConfigureAwait(false);
                    foreach (var pair in list.Named)
                    {
                        await HoldBackAsync(pair).ConfigureAwait(false);
                    }
                }
                catch (OciException e)
                {
                    _events.Warn($"'{list.Name}' can't be looked at for its minimum age: {e.Message}");
                }
            }

            await _time.DelayAsync(_life < ShortestWatch ? ShortestWatch : _life, _lifetime).ConfigureAwait(false);
        }
    }

    /// <summary>The image that a tag or digest is to be, as the entry says that chooses it.</summary>
    /// <exception cref="NotServedException">None chooses it, or it is too young.</exception>
    /// <exception cref="OciException">That can't be found out.</exception>
    internal async Task<SyncPair> FindAsync(UpstreamImage image, string reference)
    {
        NotServedException? refusal = null;
        foreach (var list in _lists.Where(l => l.IsOf(image)))
        {
            var pair = await FindAsync(list, reference).ConfigureAwait(false);
            if (pair is null)
            {
                continue;
            }

            var (taken, reason) = await HoldBackAsync(pair).ConfigureAwait(false);
            if (taken is not null)
            {
                return taken;
            }

            refusal = new NotServedException(404, "MANIFEST_UNKNOWN", "The image is too young to be served: " + reason);
        }

        throw refusal ?? new NotServedException(
            404, "MANIFEST_UNKNOWN", $"'{image.With(reference)}' is not what this mirror fetches: no entry of its sync file chooses it.");
    }

    /// <summary>Whether a name of the folder is of an image that is chosen now; also where that can't be found out.</summary>
    internal async Task<bool> KeepsAsync(string name)
    {
        foreach (var list in _lists)
        {
            try
            {
                var reference = list.ReferenceIn(name);
                if (reference is not null && await FindAsync(list, reference).ConfigureAwait(false) is not null)
                {
                    return true;
                }
            }
            catch (OciException e)
            {
                _events.Tell($"'{name}' stays, as it isn't known whether it is chosen: {e.Message}");
                return true;
            }
        }

        return false;
    }

    /// <summary>Lets an image in by its policy, before anything of it is served.</summary>
    /// <exception cref="NotServedException">The policy refuses it.</exception>
    /// <exception cref="OciException">It isn't known what signatures there are.</exception>
    internal async Task AdmitAsync(SyncPair pair, IImageSource source, Manifest root)
    {
        try
        {
            using var lease = _pools.Take();
            var gate = new TrustGate(pair.Source, pair.Trust!, new TrustRun(lease.Pool.Signatures, lease.Pool.Options));
            gate.Begin();
            if (gate.NeedsSignature)
            {
                var work = WorkScope.Uncounted(_lifetime);
                await gate.AdmitAsync(root, await ImageTree.LoadAsync(source, root, work).ConfigureAwait(false), work).ConfigureAwait(false);
            }
        }
        catch (OciException e) when (IsRefusal(e))
        {
            throw Refused(e);
        }
    }

    /// <summary>Whether a policy has refused an image.</summary>
    internal static bool IsRefusal(OciException failure) => failure.Kind is OciErrorKind.SignatureMissing or OciErrorKind.SignatureRejected;

    /// <summary>The same for the client, who learns no path of a file.</summary>
    internal static NotServedException Refused(OciException failure) =>
        new(403, "DENIED", "The policy of this mirror refuses the image; the log of the server says why.", failure.Message);

    public void Dispose() => _lists.ForEach(l => l.Dispose());

    private async Task<SyncPair?> FindAsync(ChosenTagList list, string reference) => Digest.TryParse(reference, out _, out _)
        ? list.FindNamed(reference)
        : list.FindNamed(reference)
            ?? await list.FindAsync(_pools, reference, _life, _lifetime).ConfigureAwait(false)
            ?? await list.FindAsync(_pools, reference, ShortestLife, _lifetime).ConfigureAwait(false);

    // The pair with the digest that was judged; or why it is held back.
    private async Task<(SyncPair? Pair, string Reason)> HoldBackAsync(SyncPair pair)
    {
        using var lease = _pools.Take();
        var outcome = default(SyncOutcome);
        using var run = new CopyRun(lease.Pool, isReadOnly: false, o => outcome = o, null);
        var taken = await new AgeGate(run, new SyncRequest { Pairs = [pair] }, _lifetime).HoldBackAsync([pair]).ConfigureAwait(false);
        if (outcome?.Failure is { } failure)
        {
            throw failure as OciException ?? new OciException(OciErrorKind.ServerError, failure.Message, failure);
        }

        return (taken.Count > 0 ? taken[0] : null, outcome?.Row.Reason ?? string.Empty);
    }
}
