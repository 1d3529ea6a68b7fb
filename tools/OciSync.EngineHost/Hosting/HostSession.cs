using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace OciSync.EngineHost.Hosting;

/// <summary>One run of the host: a runspace, one script or command, an exit code.</summary>
public sealed class HostSession(HostCommandLine commandLine)
{
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromMilliseconds(900);

    private readonly ConsoleHost _host = new();
    private bool _failed;

    public int Run()
    {
        using var runspace = RunspaceFactory.CreateRunspace(_host, HostSessionState.Create());
        runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        using var stop = new StopSignals();
        Prepare(shell, runspace);
        using var noInput = new PSDataCollection<PSObject>();
        noInput.Complete();

        // Only a pipeline that goes to the history leaves its $? behind.
        var run = shell.BeginInvoke(noInput, new PSInvocationSettings { AddToHistory = true }, null, null);
        if (WaitHandle.WaitAny([run.AsyncWaitHandle, stop.Requested]) == 1)
        {
            return Stop(shell, run, stop.ExitCode);
        }

        Finish(shell, run);
        _host.Console.Flush();
        return _host.ExitCode ?? (_failed ? 1 : 0);
    }

    private void Prepare(PowerShell shell, Runspace runspace)
    {
        if (commandLine.File is { } file)
        {
            var command = new Command(file, isScript: false, useLocalScope: false);
            foreach (var argument in commandLine.Arguments)
            {
                command.Parameters.Add(ScriptArgument.Parse(argument));
            }

            shell.Commands.AddCommand(command);
            EngineInternals.LetScriptExit(runspace);
        }
        else
        {
            shell.AddScript(commandLine.Command);
        }

        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default");
    }

    private void Finish(PowerShell shell, IAsyncResult run)
    {
        try
        {
            shell.EndInvoke(run);
            _failed = commandLine.File is null && !EngineInternals.LastCommandSucceeded(shell.Runspace);
        }
        catch (RuntimeException e)
        {
            _failed = true;
            Report(e.ErrorRecord, shell.Runspace);
        }
    }

    private void Report(ErrorRecord error, Runspace runspace)
    {
        using var shell = PowerShell.Create(runspace);
        shell.AddScript("param($record) $record").AddArgument(error).AddCommand("Out-String");
        var text = string.Concat(shell.Invoke<string>());
        _host.UI.WriteErrorLine(text.TrimEnd());

        // pwsh leaves it at the message; for a build script the way there is worth its lines.
        _host.UI.WriteErrorLine(error.ScriptStackTrace ?? string.Empty);
    }

    private int Stop(PowerShell shell, IAsyncResult run, int exitCode)
    {
        shell.BeginStop(null, null);
        if (!run.AsyncWaitHandle.WaitOne(s_stopPatience))
        {
            _host.Console.Flush();
            Console.Error.WriteLine("The pipeline did not stop in time; leaving.");
            Environment.Exit(exitCode);
        }

        _host.Console.Flush();
        return exitCode;
    }
}
