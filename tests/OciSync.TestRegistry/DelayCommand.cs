using System.Text.Json.Nodes;
using OciSync.Testing.Servers;

namespace OciSync.TestRegistry;

/// <summary>Runs a proxy before a server that delays all that passes, until it is stopped.</summary>
internal static class DelayCommand
{
    internal static async Task<int> RunAsync(Arguments arguments)
    {
        var target = arguments.Rest.FirstOrDefault() ?? throw new FormatException("delay needs an address.");
        var delay = TimeSpan.FromMilliseconds(arguments.Number("--milliseconds") ?? throw new FormatException("delay needs --milliseconds."));
        var bandwidth = arguments.Number("--bandwidth");
        var window = arguments.Number("--window");
        var readyFile = arguments.Text("--ready-file");
        var parentPid = arguments.Number("--parent-pid");
        arguments.RefuseOthers();
        await using var proxy = DelayingProxy.Start(target, delay, bandwidth, window);
        await ProcessEnd.AnnounceAsync(new JsonObject { ["address"] = proxy.Address }, readyFile);
        await ProcessEnd.WaitAsync(parentPid, Task.Delay(Timeout.Infinite));
        return 0;
    }
}
