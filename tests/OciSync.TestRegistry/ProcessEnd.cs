using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace OciSync.TestRegistry;

/// <summary>Tells that a server is ready, and waits for whatever is to end it.</summary>
internal static class ProcessEnd
{
    /// <summary>Prints the line and writes it to the ready file, which appears only whole.</summary>
    internal static async Task AnnounceAsync(JsonObject line, string? readyFile)
    {
        line["pid"] = Environment.ProcessId;
        var text = line.ToJsonString();
        if (readyFile is not null)
        {
            var part = $"{readyFile}.{Environment.ProcessId}.tmp";
            await File.WriteAllTextAsync(part, text + "\n");
            File.Move(part, readyFile, overwrite: true);
        }

        await Console.Out.WriteLineAsync(text);
        await Console.Out.FlushAsync();
    }

    /// <summary>Waits for SIGTERM, Ctrl+C, the end of the parent, or the given task.</summary>
    internal static async Task WaitAsync(long? parentPid, Task other)
    {
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Handle(PosixSignalContext context)
        {
            context.Cancel = true;
            signalled.TrySetResult();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        await Task.WhenAny(signalled.Task, other, ParentEndAsync(parentPid));
    }

    private static async Task ParentEndAsync(long? pid)
    {
        if (pid is not { } number)
        {
            await Task.Delay(Timeout.Infinite);
            return;
        }

        try
        {
            using var parent = Process.GetProcessById(checked((int)number));
            await parent.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            await Console.Error.WriteLineAsync($"The parent process {number} is gone.");
        }
    }
}
