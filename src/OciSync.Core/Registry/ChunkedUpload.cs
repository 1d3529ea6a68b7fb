using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Uploads;

namespace OciSync.Core.Registry;

/// <summary>
/// One upload in PATCHes of a limited size. Of a large blob it is noted after each how far it is: what breaks off, or is killed, is gone
/// on with where the registry says it stands. The registry's check of the whole digest proves the parts.
/// </summary>
internal sealed class ChunkedUpload(BlobUploader uploader, RegistryClient client, Descriptor blob, bool isLarge)
{
    private readonly UploadChunks _chunks = client.Connection.Chunks;
    private Uri? _location;
    private long _offset;
    private long _count;
    private double _perSecond;
    private bool _isOfNoUse;

    internal async Task RunAsync(IBlobFeed feed, Action<int> onSent, WorkScope work)
    {
        using var record = isLarge ? client.Connection.BrokenUploads.Open(client.Key, blob) : null;
        try
        {
            await BeginAsync(record, work).ConfigureAwait(false);
            work.Token.ThrowIfCancellationRequested();
            await SkipAsync(feed, _offset, work.Token).ConfigureAwait(false);
            while (_offset < blob.Size)
            {
                // A request that is open while the source is waited for may be cut with it, and a cut PATCH can end a session.
                await feed.WaitAsync(work.Token).ConfigureAwait(false);
                await SendAsync(feed, onSent, work.Token).ConfigureAwait(false);
                record?.Write(_location!, _offset);
            }

            _count = 0;
            await uploader.FinishAsync(_location!, blob, feed, 0, onSent, work.Token).ConfigureAwait(false);
            record?.Delete();
        }
        catch (OciException e)
        {
            throw await JudgeAsync(e, record).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A stop leaves nothing behind.
            record?.Delete();
            await uploader.CancelAsync(_location).ConfigureAwait(false);
            throw;
        }
    }

    private async Task BeginAsync(UploadRecord? record, WorkScope work)
    {
        if (record?.FindLocation(client.Connection.ApiAuthority) is { } kept && await uploader.AskAsync(kept, work).ConfigureAwait(false) is { } at)
        {
            if (at.Offset > 0 && at.Offset <= blob.Size)
            {
                (_location, _offset) = at;
                client.Connection.Events.Tell($"The upload of {blob.Digest} to '{client.DisplayName}' goes on after {_offset} of {blob.Size} bytes.");
                return;
            }

            // It has nothing, or more than there is: the session is there, and of no use.
            await uploader.CancelAsync(at.Location).ConfigureAwait(false);
        }

        record?.Delete();
        (_location, var minimum) = await uploader.StartPatientlyAsync(blob.Digest, work).ConfigureAwait(false);
        _chunks.Learn(minimum);
        record?.Write(_location, 0);
    }

    private async Task SendAsync(IBlobFeed feed, Action<int> onSent, CancellationToken cancellationToken)
    {
        var left = blob.Size - _offset;
        _count = _chunks.IsSingle ? left : Math.Min(left, _chunks.SizeFor(isLarge, _perSecond, client.Connection.RoundTrip));
        var start = client.Connection.Options.Time.GetTimestamp();
        var (location, has) = await uploader.PatchAsync(
            _location!, feed, _chunks.IsSingle && _offset == 0 ? -1 : _offset, _count, onSent, cancellationToken).ConfigureAwait(false);
        _location = location;
        _offset += _count;
        if (_count < left)
        {
            // What ends a blob is as large as it happens to be.
            _chunks.Took(_count);
        }

        // Its two round trips aside: the server's word before the bytes, and its answer.
        var time = client.Connection.Options.Time.GetElapsedTime(start) - client.Connection.RoundTrip - client.Connection.RoundTrip;
        _perSecond = _count / Math.Max(0.1, time.TotalSeconds);
        if (has > 0 && has < _offset)
        {
            // It took less than it was sent, or counts in its own way: whichever it is, one PATCH needs no counting.
            _chunks.IsSingle = _isOfNoUse = true;
            throw new OciException(
                OciErrorKind.ProtocolError, $"'{client.Connection.Host}' says that it has {has} bytes of an upload where {_offset} were sent.")
            { IsTransient = true, RetryAfter = TimeSpan.Zero };
        }
    }

    private static async Task SkipAsync(IBlobFeed feed, long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            var bytes = await feed.ReadAsync((int)Math.Min(count, int.MaxValue), cancellationToken).ConfigureAwait(false);
            if (bytes.Count == 0)
            {
                throw new OciException(OciErrorKind.ConnectionFailed, "The blob ended before the place where its upload broke off.") { IsTransient = true };
            }

            count -= bytes.Count;
        }
    }

    // What another attempt can go on with stays; all else is cancelled.
    private async Task<OciException> JudgeAsync(OciException e, UploadRecord? record)
    {
        var next = FindOtherWay(e) ? BlobUploader.Again(e)
            : e.StatusCode == 416 ? BlobUploader.Again(e)
            : e;
        if (record is null || !(next.IsTransient || IsOutage(e)) || next.StatusCode is 404 or 413 || e.Kind == OciErrorKind.DigestMismatch || _isOfNoUse)
        {
            record?.Delete();
            await uploader.CancelAsync(_location).ConfigureAwait(false);
        }

        return next;
    }

    // Given up for this run, the source's or the destination's: the next run may find it better.
    private static bool IsOutage(OciException e) =>
        e.Kind is OciErrorKind.ConnectionFailed or OciErrorKind.Timeout or OciErrorKind.ServerError or OciErrorKind.RateLimited;

    private bool FindOtherWay(OciException e)
    {
        var connection = client.Connection;
        if (e.Kind == OciErrorKind.TooLarge && _count > 0 && _chunks.TryShrink(_count))
        {
            _chunks.IsSingle = false;
            connection.Events.Tell($"'{connection.Host}' refuses {_count} bytes in one request; from now on it gets at most {_chunks.SizeFor(isLarge)}.");
            return true;
        }

        var isRefusal = _count > 0
            && !e.IsReadOnly
            && e.Kind is OciErrorKind.Unsupported or OciErrorKind.ProtocolError
            && e.StatusCode is >= 400 and < 500 and not 416;
        if (!isRefusal || (_offset > 0 && _chunks.IsSingle))
        {
            return false;
        }

        if (_offset > 0)
        {
            connection.Events.Tell($"'{connection.Host}' refuses a second part of an upload ({e.StatusCode}); from now on blobs go there in one PATCH.");
            return _chunks.IsSingle = _isOfNoUse = true;
        }

        connection.Events.Tell($"'{connection.Host}' refuses a PATCH ({e.StatusCode}); from now on large blobs go there in one request.");
        connection.UploadStyle = UploadStyle.Monolithic;
        return _chunks.IsRefused = _isOfNoUse = true;
    }
}
