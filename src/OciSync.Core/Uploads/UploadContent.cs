using System.Net;
using System.Net.Http;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.Images;

namespace OciSync.Core.Uploads;

/// <summary>A request body of a known length that comes from a feed. The watch counts only while the network is waited for.</summary>
internal sealed class UploadContent : HttpContent
{
    private const int MaxStep = 128 * 1024;

    // So much is kept while it is sent, for where a redirect leads: the platform sends small bodies even to a server that has said no.
    private const int MostKept = 64 * 1024;

    // A registry may need a while to store what it has received.
    private const int AnswerPatience = 5;

    private readonly IBlobFeed _feed;
    private readonly long _length;
    private readonly StallWatch _watch;
    private readonly Action<int> _onSent;
    private readonly BandwidthPace? _pace;
    private readonly MemoryStream? _kept;

    internal UploadContent(IBlobFeed feed, long length, StallWatch watch, Action<int> onSent, BandwidthPace? pace)
    {
        _feed = feed;
        _length = length;
        _watch = watch;
        _onSent = onSent;
        _pace = pace;
        _kept = length <= MostKept ? new MemoryStream() : null;
        Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
    }

    /// <summary>Nothing of it was taken: it can be sent elsewhere.</summary>
    internal bool IsUntouched { get; private set; } = true;

    /// <summary>The same bytes once more, when all were taken and they are few; else null.</summary>
    internal ByteArrayContent? TryCopy()
    {
        if (_kept is null || _kept.Length != _length)
        {
            return null;
        }

        var copy = new ByteArrayContent(_kept.ToArray());
        foreach (var header in Headers.Where(h => h.Key is "Content-Type" or "Content-Range"))
        {
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return copy;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        IsUntouched &= _length == 0;
        for (var left = _length; left > 0;)
        {
            _watch.Disarm();
            var bytes = await _feed.ReadAsync((int)Math.Min(left, _pace?.Step ?? MaxStep), _watch.Token).ConfigureAwait(false);
            if (bytes.Count == 0)
            {
                throw new IOException("The blob ended before its size was reached.");
            }

            if (_pace is not null)
            {
                await _pace.TakeAsync(bytes.Count, _watch.Token).ConfigureAwait(false);
            }

            _kept?.Write(bytes.Array!, bytes.Offset, bytes.Count);
            _watch.Arm();
            await stream.WriteAsync(bytes.Array!, bytes.Offset, bytes.Count, _watch.Token).ConfigureAwait(false);
            left -= bytes.Count;
            _onSent(bytes.Count);
        }

        _watch.Arm(AnswerPatience);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}
