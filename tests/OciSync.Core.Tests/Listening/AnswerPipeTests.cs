using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Abstractions.Internal;
using OciSync.Core.Listening;

namespace OciSync.Core.Tests.Listening;

/// <summary>The pipe between an answer and its connection: bounded, and ended from both sides.</summary>
public sealed class AnswerPipeTests
{
    private const int Most = 4 * AnswerPipe.BlockSize;

    private readonly Pipe _requests = new();
    private readonly PipeWriter _answer;
    private readonly PipeReader _connection;

    public AnswerPipeTests()
    {
        var connection = new DefaultConnectionContext("1") { Transport = new AnswerPipe(_requests.Reader, new Pipe().Writer) };
        var transport = new Transport { Application = new AnswerPipe(new Pipe().Reader, _requests.Writer) };
        connection.Features.Set<IApplicationTransportFeature>(transport);
        Assert.True(AnswerPipe.Place(_ => Task.CompletedTask)(connection).IsCompletedSuccessfully);
        (_answer, _connection) = (connection.Transport.Output, transport.Application.Input);
        Assert.Same(_requests.Reader, connection.Transport.Input);
        Assert.Same(_requests.Writer, transport.Application.Output);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_takes_nothing_stops_the_answer_until_it_takes_half_of_what_waits()
    {
        for (var sent = AnswerPipe.BlockSize; sent < Most; sent += AnswerPipe.BlockSize)
        {
            Assert.True(WriteAsync(AnswerPipe.BlockSize).AsTask().IsCompletedSuccessfully);
        }

        var last = WriteAsync(AnswerPipe.BlockSize).AsTask();
        Assert.False(last.IsCompleted);
        Assert.Equal(Most, await TakeAsync(Most / 2));
        Assert.False(last.IsCompleted);
        Assert.Equal(Most / 2, await TakeAsync(1));
        Assert.False((await last.WaitAsync(Token)).IsCompleted);
    }

    [Fact]
    public async Task What_is_written_is_sent_in_its_order_by_the_thread_that_writes()
    {
        var sending = SendAsync();
        for (byte i = 0; i < 100; i++)
        {
            var thread = Environment.CurrentManagedThreadId;
            _answer.Write([i]);
            var written = _answer.FlushAsync(Token).AsTask();
            Assert.Equal((i + 1, thread), (_sent.Count, _sender));
            await written;
        }

        await _answer.CompleteAsync();
        await sending;
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (byte)i), _sent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_goes_away_ends_an_answer_that_waits_for_it(bool hasFailed)
    {
        var waiting = WriteAsync(Most).AsTask();
        Assert.False(waiting.IsCompleted);
        await _connection.CompleteAsync(hasFailed ? new IOException("Connection reset by peer") : null);
        if (hasFailed)
        {
            await Assert.ThrowsAsync<IOException>(() => waiting.WaitAsync(Token));
            return;
        }

        Assert.True((await waiting.WaitAsync(Token)).IsCompleted);
        Assert.True((await WriteAsync(1)).IsCompleted);
    }

    [Fact]
    public async Task An_answer_that_is_cancelled_while_it_waits_ends()
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _answer.GetMemory(Most);
        _answer.Advance(Most);
        var waiting = _answer.FlushAsync(cancelled.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task An_answer_that_fails_does_not_end_as_if_it_were_whole()
    {
        await WriteAsync(10);
        await _answer.CompleteAsync(new InvalidDataException("half of it"));
        var failure = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await TakeAsync(10);
            await _connection.ReadAsync(Token);
        });
        Assert.Equal("half of it", failure.Message);
    }

    private readonly List<byte> _sent = [];
    private int _sender;

    private async Task SendAsync()
    {
        while (true)
        {
            var read = await _connection.ReadAsync(Token).ConfigureAwait(false);
            _sender = Environment.CurrentManagedThreadId;
            foreach (var piece in read.Buffer)
            {
                _sent.AddRange(piece.ToArray());
            }

            _connection.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private ValueTask<FlushResult> WriteAsync(int count)
    {
        _answer.GetMemory(count);
        _answer.Advance(count);
        return _answer.FlushAsync(Token);
    }

    // How many bytes were there; so many of them are taken.
    private async Task<long> TakeAsync(int count)
    {
        var read = await _connection.ReadAsync(Token);
        _connection.AdvanceTo(read.Buffer.GetPosition(count));
        return read.Buffer.Length;
    }

    private sealed class Transport : IApplicationTransportFeature
    {
        public required IDuplexPipe Application { get; set; }
    }
}
