using System.Text.Json.Nodes;
using OciSync.Testing.Servers;

namespace OciSync.TestRegistry;

/// <summary>Keeps a real Docker engine running until it is stopped.</summary>
internal static class DockerDaemonCommand
{
    private const int NotInstalled = 3;

    internal static async Task<int> RunAsync(Arguments arguments)
    {
        var readyFile = arguments.Text("--ready-file");
        var parentPid = arguments.Number("--parent-pid");
        arguments.RefuseOthers();
        if (DockerDaemonProcess.WhyMissing is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return NotInstalled;
        }

        await using var daemon = await DockerDaemonProcess.StartAsync();
        await ProcessEnd.AnnounceAsync(new JsonObject { ["address"] = daemon.Address }, readyFile);
        await ProcessEnd.WaitAsync(parentPid, daemon.Ended);
        return 0;
    }
}
