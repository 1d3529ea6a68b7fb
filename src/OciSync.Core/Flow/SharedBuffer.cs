namespace OciSync.Core.Flow;

/// <summary>Bytes that several uploads send at their own pace.</summary>
internal sealed class SharedBuffer(BufferPool pool, byte[] bytes)
{
    private int _users = 1;
    private volatile bool _reusable = true;

    internal byte[] Bytes { get; } = bytes;

    /// <summary>How many of the bytes count.</summary>
    internal int Count { get; set; }

    internal void AddUser() => Interlocked.Increment(ref _users);

    /// <param name="sure">False when a write may still be looking at the bytes: then the memory isn't used again.</param>
    internal void Release(bool sure = true)
    {
        if (!sure)
        {
            _reusable = false;
        }

        if (Interlocked.Decrement(ref _users) == 0)
        {
            pool.Return(Bytes, _reusable);
        }
    }
}
