using System.Management.Automation;
using System.Management.Automation.Runspaces;
using OciSync.EngineHost.Hosting;

namespace OciSync.EngineHost.Tests;

/// <summary>The host's session in this process, for what needs no console.</summary>
internal static class Engine
{
    /// <summary>Runs a script and gives back its output and its errors.</summary>
    public static (IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors) Run(string script, params object[] arguments)
    {
        var state = HostSessionState.Create();
        state.Commands.Add(new SessionStateCmdletEntry("Get-Probe", typeof(GetProbeCommand), helpFileName: null));
        using var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(script);
        foreach (var argument in arguments)
        {
            shell.AddArgument(argument);
        }

        return (shell.Invoke(), [.. shell.Streams.Error]);
    }

    /// <summary>The output as text, parted by spaces; any error fails the test.</summary>
    public static string Text(string script, params object[] arguments)
    {
        var (output, errors) = Run(script, arguments);
        Assert.Empty(errors);
        return string.Join(' ', output);
    }
}
