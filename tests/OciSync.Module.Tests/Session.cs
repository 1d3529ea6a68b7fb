using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace OciSync.Module.Tests;

/// <summary>A fresh runspace; every error is a failure of the test.</summary>
internal sealed class Session : IDisposable
{
    private readonly Runspace _runspace;

    internal Session()
    {
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
    }

    internal static Session WithModule()
    {
        var session = new Session();
        session.Run("Import-Module $args[0]", Paths.Manifest);
        return session;
    }

    internal object?[] Run(string script, params object[] arguments)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        foreach (var argument in arguments)
        {
            shell.AddArgument(argument);
        }

        var output = shell.Invoke();
        Assert.Empty(shell.Streams.Error.Select(error => error.ToString()));
        Assert.Empty(shell.Streams.Warning.Select(warning => warning.Message));
        return [.. output.Select(item => item?.BaseObject)];
    }

    /// <summary>Removes the module first: a runspace that is just closed leaves the module's handler in the process.</summary>
    public void Dispose()
    {
        using (var shell = PowerShell.Create(_runspace))
        {
            shell.AddScript("Get-Module OciSync | Remove-Module").Invoke();
        }

        _runspace.Dispose();
    }
}
