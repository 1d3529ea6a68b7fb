using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Copying.Blobs;

/// <summary>
/// One read of a blob that serves several uploads, at the pace of the slowest, within a bounded buffer. A member that holds the others up
/// for too long is detached, to be served later by a read of its own.
/// </summary>
internal sealed class BlobGroup : IDisposable, IRetryCounter
{
    private const int SoloBuffers = 1024 * 1024 / BufferPool.BufferSize;
    // As much as is asked for while a destination still says where it wants it: not worth another wait for a way that is long.
    private const int ReadAhead = 256 * 1024;
    private const int GroupBuffers = 8 * 1024 * 1024 / BufferPool.BufferSize;

    // A short hold-up isn't worth a second read; one that costs the others a noticeable part of their time is.
    internal static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(1);
    private const double PatienceShare = 0.1;

    private readonly IImageSource _source;
    private readonly Descriptor _blob;
    private readonly GroupMember[] _members;
    private readonly BufferPool _buffers;
    private readonly TimeSpan _longestPatience;
    private readonly TimeProvider _time;
    private readonly long _begin;

    internal BlobGroup(IImageSource source, Descriptor blob, IReadOnlyList<GroupMember> members, EngineOptions options)
    {
        _source = source;
        _blob = blob;
        _members = [.. members];
        _buffers = new BufferPool(members.Count == 1 ? SoloBuffers : GroupBuffers);
        _longestPatience = TimeSpan.FromTicks(options.StallTimeout.Ticks / 4);
        _time = options.Time;
        _begin = _time.GetTimestamp();
    }

    private TimeSpan Patience
    {
        get
        {
            var grown = ShortestPatience + TimeSpan.FromTicks((long)(_time.GetElapsedTime(_begin).Ticks * PatienceShare));
            return grown < _longestPatience ? grown : _longestPatience;
        }
    }

    // A single destination that is far away: the blob sets out while it still says where it wants it, as far as there are buffers.
    private bool IsFar => _members.Length == 1 && _members[0].Destination.Client.Connection.IsFar;

    /// <summary>Reads the blob to its end, or as long as there is a member. The members' uploads are running already and end by themselves.</summary>
    internal async Task ReadAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            if (_blob.Size <= ReadAhead || IsFar || await AnyStartsAsync().ConfigureAwait(false))
            {
                await PumpAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OciException or OperationCanceledException)
        {
            failure = e;
        }

        foreach (var member in _members)
        {
            member.Feed.Complete(failure);
        }
    }

    /// <summary>
    /// After the read: waits for the uploads, but not long for one that is still at it when others are done. Such a registry lags behind,
    /// and until an upload to it succeeds it takes no part in shared reads.
    /// </summary>
    internal async Task WaitForPromptAsync(Task uploads, CancellationToken cancellationToken)
    {
        if (_members.Length > 1)
        {
            await uploads.EndOrAsync(Patience, _time, cancellationToken).ConfigureAwait(false);
        }

        if (_members.Length > 1 && !uploads.IsCompleted && _members.Any(m => m.Upload.IsCompleted))
        {
            foreach (var member in _members.Where(m => m.IsActive))
            {
                member.Destination.Health.ReportLag();
                member.Destination.Events.Tell(
                    $"'{member.Destination.Reference}' is not done with blob {_blob.Digest}; the others don't wait for it.");
            }

            return;
        }

        await Task.WhenAny(uploads).ConfigureAwait(false);
    }

    public void Dispose() => _buffers.Dispose();

    // For a larger one the source isn't asked before a destination is ready to take what it sends.
    private async Task<bool> AnyStartsAsync()
    {
        var uploads = Task.WhenAll(_members.Select(m => m.Upload));
        var started = Task.WhenAny(_members.Select(m => m.Feed.Started));
        return await Task.WhenAny(started, uploads).ConfigureAwait(false) == started;
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        foreach (var member in _members)
        {
            member.Destination.CountSourceRead();
        }

        using var reader = new SourceBlobReader(_source, _blob, this);
        do
        {
            var buffer = await RentAsync(cancellationToken).ConfigureAwait(false);
            if (buffer is null)
            {
                return;
            }

            try
            {
                buffer.Count = await reader.FillAsync(buffer.Bytes, BufferPool.BufferSize, cancellationToken).ConfigureAwait(false);
                foreach (var member in _members)
                {
                    if (member.IsActive)
                    {
                        member.Feed.Add(buffer);
                    }
                }
            }
            finally
            {
                buffer.Release();
            }
        }
        while (!reader.IsAtEnd);
    }

    private async Task<SharedBuffer?> RentAsync(CancellationToken cancellationToken)
    {
        while (Array.Exists(_members, m => m.IsActive))
        {
            var buffer = await _buffers.TryRentAsync(
                (int)Math.Min(BufferPool.BufferSize, Math.Max(1, _blob.Size)), Patience, _time, cancellationToken).ConfigureAwait(false);
            if (buffer is not null)
            {
                return buffer;
            }

            DetachSlowest();
        }

        return null;
    }

    private void DetachSlowest()
    {
        var active = _members.Where(m => m.IsActive).OrderByDescending(m => m.Feed.Backlog).ToList();
        if (active.Count < 2 || active[0].Feed.Backlog == active[active.Count - 1].Feed.Backlog)
        {
            return;
        }

        var slowest = active[0];
        slowest.Destination.Health.ReportLag();
        slowest.Destination.Events.Tell(
            $"'{slowest.Destination.Reference}' holds up the others at blob {_blob.Digest}; it will be served by a read of its own.");
        slowest.Detach();
    }

    void IRetryCounter.CountRetry()
    {
        foreach (var member in _members.Where(m => m.IsActive))
        {
            member.Destination.CountRetry();
        }
    }
}
