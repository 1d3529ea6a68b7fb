using System.Text.Json.Nodes;
using OciSync.Testing.Images;
using OciSync.Testing.Servers;

namespace OciSync.TestRegistry;

/// <summary>Keeps a real docker-registry running until it is stopped.</summary>
internal static class DockerRegistryCommand
{
    private const int NotInstalled = 3;

    internal static async Task<int> RunAsync(Arguments arguments)
    {
        var readyFile = arguments.Text("--ready-file");
        var parentPid = arguments.Number("--parent-pid");
        var text = arguments.Text("--mode") ?? "plain";
        if (!Enum.TryParse<DockerRegistryMode>(text.Replace("nodelete", "NoDelete"), ignoreCase: true, out var mode))
        {
            throw new FormatException($"There is no mode '{text}'.");
        }

        var user = TestCredentials.Parse(arguments.Text("--user") ?? "alice:s3cret");
        var copyOf = arguments.Text("--copy-of");
        var accessLog = !arguments.Has("--no-access-log");
        arguments.RefuseOthers();
        if (DockerRegistryProcess.WhyMissing is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return NotInstalled;
        }

        await using var registry = await DockerRegistryProcess.StartAsync(mode, user, copyOf, accessLog);
        var line = new JsonObject
        {
            ["address"] = registry.Address,
            ["url"] = registry.BaseUri.ToString(),
            ["accessLog"] = registry.LogPath,
            ["folder"] = registry.DataPath,
            ["ca"] = registry.CaPath,
        };
        await ProcessEnd.AnnounceAsync(line, readyFile);
        await ProcessEnd.WaitAsync(parentPid, registry.Ended);
        return 0;
    }
}
