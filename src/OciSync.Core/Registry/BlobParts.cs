using OciSync.Core.Errors;
using OciSync.Core.Http;
using OciSync.Core.Images;
using OciSync.Core.References;

namespace OciSync.Core.Registry;

/// <summary>The parts of one blob of a registry: room for them, permits of the registry's, and the requests.</summary>
internal sealed class BlobParts : IDisposable
{
    private const int MostBroken = 3;

    // So many streams fill a long way by themselves: what another one would give up to come in parts is on its way already.
    private const int FewStreams = 2;
    private const int Worthwhile = 2;

    private readonly RegistryClient _client;
    private readonly RegistryConnection _connection;
    private readonly Digest _digest;

    internal BlobParts(RegistryClient client, Digest digest, long size)
    {
        (_client, _connection, _digest, Size) = (client, client.Connection, digest, size);
        _connection.AddLargeStream(1);
    }

    /// <summary>Whether few other large blobs of the registry are under way.</summary>
    internal bool HasRoom => _connection.LargeStreams <= FewStreams;

    internal TimeProvider Time => _connection.Options.Time;

    /// <summary>The size of the blob.</summary>
    internal long Size { get; }

    /// <summary>The bytes of a part.</summary>
    internal int PartSize => _connection.PartBuffers.Size;

    /// <summary>
    /// Whether parts would come twice as fast as one stream, or more: each is asked for anew, and a stream that is nearly as fast comes to a halt while
    /// the first of them are on their way.
    /// </summary>
    /// <param name="perSecond">The bytes a second of the stream.</param>
    internal bool AreFaster(double perSecond) =>
        _connection.PartBuffers.AllSize / (_connection.RoundTrip.TotalSeconds + (PartSize / perSecond)) >= Worthwhile * perSecond;

    /// <summary>Room for one more part that may be asked for at the same time; null where there is none, or the registry gets enough.</summary>
    internal byte[]? TryEnter()
    {
        if (!_connection.TakesParts || _connection.PartBuffers.TryRent() is not { } bytes)
        {
            return null;
        }

        if (_connection.Gate.TryEnter())
        {
            return bytes;
        }

        _connection.PartBuffers.Return(bytes, isIdle: true);
        return null;
    }

    internal void Leave(byte[] bytes, bool isIdle)
    {
        _connection.PartBuffers.Return(bytes, isIdle);
        _connection.Gate.Leave();
    }

    public void Dispose() => _connection.AddLargeStream(-1);

    /// <summary>Asks for a part. <exception cref="OciException">It is not to be had, or something else came.</exception></summary>
    internal async Task<IBlobContent> OpenAsync(long from, int count, CancellationToken cancellationToken)
    {
        var answer = await _client.OpenRangeAsync(_digest, from, count, cancellationToken).ConfigureAwait(false);
        if (answer.IsFromOffset && (answer.RangeStart ?? from) == from && (answer.RangeTotal ?? Size) == Size && (answer.ContentLength ?? count) == count)
        {
            return answer;
        }

        var status = (int)answer.Status;
        answer.Dispose();
        throw new OciException(
            OciErrorKind.ProtocolError,
            $"'{_connection.Host}' did not give bytes {from} to {from + count - 1} of {_digest} when asked for them (HTTP {status}).")
        { IsTransient = true, RetryAfter = TimeSpan.Zero };
    }

    /// <summary>A part was not to be had. What is no part, or too much for the registry, ends them for the rest of the run; a few breaks do as well.</summary>
    internal void Fail(OciException fault)
    {
        if (_connection.TakesParts
            && (fault.StatusCode is 429 or 503 || fault.Kind == OciErrorKind.ProtocolError || ++_connection.BrokenParts == MostBroken))
        {
            _connection.TakesParts = false;
            _connection.Events.Tell($"From now on blobs of '{_connection.Host}' are read in one stream each: {fault.Message}");
        }
    }
}
