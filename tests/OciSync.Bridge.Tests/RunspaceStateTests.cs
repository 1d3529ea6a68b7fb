using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using OciSync.Core.Connections;
using State = OciSync.PowerShell.State.RunspaceState;

namespace OciSync.Bridge.Tests;

public sealed class RunspaceStateTests
{
    [Fact]
    public void Runspaces_do_not_see_each_other()
    {
        using var one = Open();
        using var two = Open();
        State.For(one).Sessions.Set("registry.test", new ConnectionSettings { PlainHttp = true }, null);
        Assert.Empty(State.For(two).Sessions.Registries);
        Assert.Equal(["registry.test"], State.For(one).Sessions.Registries);
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
}
