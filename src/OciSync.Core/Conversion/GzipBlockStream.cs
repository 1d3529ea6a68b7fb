using OciSync.Core.Polyfills;

namespace OciSync.Core.Conversion;

/// <summary>
/// Packs what is written as gzip, in blocks that are worked on side by side. Each is a member of its own (RFC 1952, 2.2: a gzip file is
/// members one after the other), so that the bytes depend on nothing but the content and the level. What can't be made smaller is stored.
/// </summary>
internal sealed class GzipBlockStream : OneWayStream
{
    internal const int BlockSize = 256 * 1024;

    private readonly Stream _target;
    private readonly int? _level;
    private readonly PackingThreads _threads;
    private readonly Queue<Block> _queue = new();
    private readonly Stack<Block> _free = new();
    private Block? _current;
    private bool _hasBlocks;

    /// <param name="target">Takes the packed bytes; it stays open.</param>
    /// <param name="level">How thoroughly they are packed, 1 to 9; null for the usual level.</param>
    /// <param name="threads">What packs the blocks of all streams that share it.</param>
    internal GzipBlockStream(Stream target, int? level, PackingThreads threads)
    {
        _target = target;
        _level = level;
        _threads = threads;
    }

    public override bool CanWrite => true;

    public override async Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            _current ??= _free.Count > 0 ? _free.Pop() : new Block(_level);
            var taken = Math.Min(count, BlockSize - _current.Count);
            Buffer.BlockCopy(buffer, offset, _current.Plain, _current.Count, taken);
            _current.Count += taken;
            offset += taken;
            count -= taken;
            if (_current.Count == BlockSize)
            {
                await StartAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Writes what is left. Without it, what is in the target is no whole gzip file.</summary>
    internal async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_current is not null || !_hasBlocks)
        {
            _current ??= new Block(_level);
            await StartAsync(cancellationToken).ConfigureAwait(false);
        }

        while (_queue.Count > 0)
        {
            await WriteOldestAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    protected override void Dispose(bool disposing)
    {
        // Where it was broken off, blocks may still be at work.
        while (_queue.Count > 0)
        {
            Release(_queue.Dequeue());
        }

        base.Dispose(disposing);
    }

    // The first may always be worked on; a further one when there is room, and until then the oldest is waited for, which makes some.
    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var block = _current!;
        while (_queue.Count > 0 && !(block.IsShared = _threads.TryEnter()))
        {
            await WriteOldestAsync(cancellationToken).ConfigureAwait(false);
        }

        (_current, _hasBlocks) = (null, true);
        block.Work = _threads.Run(block.Pack);
        _queue.Enqueue(block);
    }

    private async Task WriteOldestAsync(CancellationToken cancellationToken)
    {
        var block = _queue.Peek();
        await block.Work!.ConfigureAwait(false);
        await _target.WriteAsync(block.Packed.GetBuffer(), 0, (int)block.Packed.Length, cancellationToken).ConfigureAwait(false);
        Release(_queue.Dequeue());
        block.Count = 0;
        _free.Push(block);
    }

    private void Release(Block block)
    {
        if (block.IsShared)
        {
            block.IsShared = false;
            _threads.Leave();
        }
    }

    private sealed class Block
    {
        // A member without content (RFC 1952, 2.3): the .NET Framework's stream writes nothing at all where nothing was written to it.
        private static readonly byte[] Nothing = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

        private readonly PackingGain _gain = new();
        private readonly int? _level;

        internal Block(int? level)
        {
            _level = level;
            Pack = PackAll;
        }

        internal byte[] Plain { get; } = new byte[BlockSize];

        // With room for a block that is stored, so that it never grows.
        internal MemoryStream Packed { get; } = new(BlockSize + 1024);

        internal int Count { get; set; }

        /// <summary>Whether it is one of those that all streams share.</summary>
        internal bool IsShared { get; set; }

        internal Action Pack { get; }

        internal Task? Work { get; set; }

        private void PackAll()
        {
            Packed.SetLength(0);
            if (Count == 0)
            {
                Packed.Write(Nothing, 0, Nothing.Length);
            }
            else
            {
                using var gzip = _gain.IsLikely(Plain, Count) ? GzipStreams.OpenWrite(Packed, _level) : GzipStreams.OpenStore(Packed);
                gzip.Write(Plain, 0, Count);
            }
        }
    }
}
