using System.Collections.Concurrent;

namespace OciSync.Core.Conversion;

/// <summary>
/// Threads that pack, one for each processor, from the first work on. The pool's are not for it: what registries answer is taken up there,
/// and each thread that packs keeps some memory of its own afterwards.
/// </summary>
internal sealed class PackingThreads : IDisposable
{
    private readonly int _count;
    private readonly BlockingCollection<Task> _work = [];
    private readonly List<Thread> _threads = [];

    // Packed blocks are written in their order, and the next ones read and hashed, while the threads go on: so many wait for a thread at most.
    private const int Ahead = 2;

    // Over the one of each layer: a single layer keeps every processor busy.
    private readonly SemaphoreSlim _further;

    internal PackingThreads(int count)
    {
        _count = count;
        _further = new SemaphoreSlim(count - 1 + Ahead);
    }

    /// <summary>How often <see cref="TryEnter"/> would succeed now.</summary>
    internal int Room => _further.CurrentCount;

    /// <summary>Whether a layer may give further work while some of its own is under way; then <see cref="Leave"/> follows.</summary>
    internal bool TryEnter() => _further.Wait(0, CancellationToken.None);

    internal void Leave() => _further.Release();

    /// <summary>Has the work done by the next thread that is free.</summary>
    internal Task Run(Action action)
    {
        var task = new Task(action, TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_threads)
        {
            _work.Add(task, CancellationToken.None);
            while (_threads.Count < _count)
            {
                _threads.Add(new Thread(Work) { IsBackground = true, Name = "OciSync packing" });
                _threads[_threads.Count - 1].Start();
            }
        }

        return task;
    }

    /// <summary>Waits for what is under way; nothing can be run afterwards.</summary>
    public void Dispose()
    {
        lock (_threads)
        {
            _work.CompleteAdding();
        }

        _threads.ForEach(t => t.Join());
        _work.Dispose();
        _further.Dispose();
    }

    private void Work()
    {
        foreach (var task in _work.GetConsumingEnumerable(CancellationToken.None))
        {
            task.RunSynchronously(TaskScheduler.Default);
        }
    }
}
