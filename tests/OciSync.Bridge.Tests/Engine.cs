using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PipelineWriter = OciSync.PowerShell.Pipeline.PipelineWriter;

namespace OciSync.Bridge.Tests;

/// <summary>A runspace that has the test cmdlets and $work.</summary>
internal sealed class Engine : IDisposable
{
    private readonly Runspace _runspace;

    internal Engine(Func<PipelineWriter, CancellationToken, Task> work, Func<PipelineWriter, CancellationToken, Task>? inner = null)
    {
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Invoke-TestWork", typeof(InvokeTestWorkCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Stop-Upstream", typeof(StopUpstreamCommand), null));
        state.Variables.Add(new SessionStateVariableEntry("work", work, null));
        state.Variables.Add(new SessionStateVariableEntry("inner", inner, null));
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    internal System.Management.Automation.PowerShell Script(string text)
    {
        var shell = System.Management.Automation.PowerShell.Create(_runspace);
        shell.AddScript(text);
        return shell;
    }

    internal object?[] Output(string text)
    {
        using var shell = Script(text);
        return [.. shell.Invoke().Select(item => item?.BaseObject)];
    }

    public void Dispose() => _runspace.Dispose();
}
