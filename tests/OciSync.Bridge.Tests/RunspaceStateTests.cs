using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using State = OciSync.PowerShell.State.RunspaceState;

namespace OciSync.Bridge.Tests;

public sealed class RunspaceStateTests
{
    [Fact]
    public void Runspaces_do_not_see_each_other()
    {
        using var one = Open();
        using var two = Open();
        var first = State.For(one).GetOrAdd("list", () => new List<string>());
        var second = State.For(two).GetOrAdd("list", () => new List<string>());
        Assert.NotSame(first, second);
        Assert.Same(first, State.For(one).GetOrAdd("list", () => new List<string>()));
    }

    [Fact]
    public void The_current_state_is_that_of_the_pipeline_thread()
    {
        var states = new List<State>();
        using var one = new Engine((_, _) => Task.CompletedTask);
        using var two = new Engine((_, _) => Task.CompletedTask);
        foreach (var engine in new[] { one, one, two })
        {
            using var shell = engine.Script("param($note) $note.Invoke()").AddArgument(new Action(() => states.Add(State.Current)));
            shell.Invoke();
            Assert.False(shell.HadErrors);
        }

        Assert.Same(states[0], states[1]);
        Assert.NotSame(states[0], states[2]);
    }

    [Fact]
    public async Task A_thread_without_a_runspace_is_told_so() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.Run(() => State.Current));

    [Fact]
    public void Values_are_made_once_and_disposed_with_the_runspace()
    {
        var made = 0;
        var value = new Disposable();
        using (var runspace = Open())
        {
            Parallel.For(0, 20, _ => State.For(runspace).GetOrAdd("value", () =>
            {
                Interlocked.Increment(ref made);
                return value;
            }));
        }

        Assert.Equal(1, made);
        Assert.True(value.Disposed);
    }

    [Fact]
    public void A_dropped_runspace_is_not_kept_alive()
    {
        var weak = Drop();
        for (var i = 0; i < 10 && weak.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(weak.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Drop()
    {
        var state = State.For(Open());
        return new WeakReference(state);
    }

    private static Runspace Open()
    {
        var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        return runspace;
    }

    private sealed class Disposable : IDisposable
    {
        internal bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }
}
