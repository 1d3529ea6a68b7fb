using System.Net.Http;
using System.Text;
using OciSync.Core.Connections;
using OciSync.Core.Flow;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Http;

/// <summary>
/// A request that goes nowhere. The first request of a process loads and compiles a thousand methods of the HTTP stack; with this one that happens while the
/// command still reads its parameters and files, on a processor that has nothing else to do.
/// </summary>
internal static class FirstRequest
{
    // Never connected to: the answer comes out of a stream in memory.
    private const string Host = "127.0.0.1";

    private static readonly Lazy<Task> Once = new(() => Task.Run(RunAsync));

    /// <summary>Begins it, once in a process, and doesn't wait for it.</summary>
    internal static void Begin() => _ = Once.Value;

    /// <summary>Runs it. Where the platform can't have a stream in place of a connection it does nothing.</summary>
    /// <returns>The status of the answer; null where there was none.</returns>
    internal static async Task<int?> RunAsync()
    {
        if (!HttpHandlers.TakesStreams)
        {
            return null;
        }

        using var stream = new AnswerStream(Encoding.ASCII.GetBytes(
            "HTTP/1.1 200 OK\r\nDocker-Distribution-Api-Version: registry/2.0\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\nConnection: close\r\n\r\n{}"));
        try
        {
            using var transport = new HttpTransport(Host, ConnectionSettings.Default, insecure: false, new EngineOptions(), stream: stream);
            using var message = new HttpRequestMessage(HttpMethod.Get, new RegistryUris("http", Host).Base);
            using var answer = await transport.SendAsync(message, CancellationToken.None).ConfigureAwait(false);
            await answer.ReadAllAsync(2).ConfigureAwait(false);
            return (int)answer.Status;
        }
        catch (Exception)
        {
            // Nothing rests on it. What is wrong here (a setting of the environment, say) the first real request says in its own words.
            return null;
        }
    }

    // Takes whatever is written, and gives one answer.
    private sealed class AnswerStream(byte[] answer) : Stream
    {
        private int _place;

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var taken = Math.Min(count, answer.Length - _place);
            Buffer.BlockCopy(answer, _place, buffer, offset, taken);
            _place += taken;
            return taken;
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
