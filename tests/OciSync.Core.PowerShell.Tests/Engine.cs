using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace OciSync.Core.PowerShell.Tests;

/// <summary>Runs a script in a fresh runspace; <c>$args</c> are the arguments.</summary>
internal static class Engine
{
    internal static (string[] Output, string[] Errors) Run(string script, params object[] arguments)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = System.Management.Automation.PowerShell.Create(runspace);
        shell.AddScript(script);
        foreach (var argument in arguments)
        {
            shell.AddArgument(argument);
        }

        try
        {
            var output = shell.Invoke().Select(o => o?.ToString() ?? string.Empty).ToArray();
            return (output, [.. shell.Streams.Error.Select(e => e.Exception.Message)]);
        }
        catch (RuntimeException e)
        {
            return ([], [e.Message]);
        }
    }

    internal static string[] Output(string script, params object[] arguments)
    {
        var (output, errors) = Run(script, arguments);
        Assert.Empty(errors);
        return output;
    }
}
