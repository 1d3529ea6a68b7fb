using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Abstractions.Internal;

namespace OciSync.Core.Listening;

/// <summary>
/// What stands between an answer and its connection. Kestrel's own pipe has blocks of 4 KB, of which each is pinned when it is sent, and hands each piece to
/// another thread; this one has large blocks, which go back when they are sent, and is sent by the thread that writes.
/// </summary>
internal sealed class AnswerPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    /// <summary>What a block holds, at least.</summary>
    internal const int BlockSize = 64 * 1024;

    // So much is read ahead of a client that is slow.
    private const int MostWaiting = 4 * BlockSize;

    public PipeReader Input => input;

    public PipeWriter Output => output;

    /// <summary>Gives a connection such a pipe before its first request is read.</summary>
    internal static ConnectionDelegate Place(ConnectionDelegate next) => connection =>
    {
        var pipe = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.ThreadPool,
            pauseWriterThreshold: MostWaiting,
            resumeWriterThreshold: MostWaiting / 2,
            minimumSegmentSize: BlockSize,
            useSynchronizationContext: false));
        var transport = connection.Features.Get<IApplicationTransportFeature>();
        connection.Transport = new AnswerPipe(connection.Transport.Input, pipe.Writer);
        transport.Application = new AnswerPipe(pipe.Reader, transport.Application.Output);
        return next(connection);
    };
}
