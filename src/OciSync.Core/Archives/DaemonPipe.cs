using OciSync.Core.Errors;

namespace OciSync.Core.Archives;

/// <summary>The pipe of a Docker engine on Windows: the client waits for one to appear, and then says that time is up.</summary>
internal static class DaemonPipe
{
    /// <summary>Nothing for what is no pipe of this machine.</summary>
    /// <exception cref="OciException">There is no such pipe.</exception>
    internal static void Check(string address, Uri endpoint, bool isWindows)
    {
        if (isWindows && PathOf(endpoint) is { } pipe && !File.Exists(pipe))
        {
            throw new OciException(
                OciErrorKind.ConnectionFailed,
                $"The Docker engine at '{address}' can't be reached: there is no pipe '{pipe}'. Is it running? Another one is named by -DaemonHost or "
                + "DOCKER_HOST.");
        }
    }

    /// <summary><c>npipe://./pipe/name</c> as the system calls it; null for another machine's, and for what is no pipe.</summary>
    internal static string? PathOf(Uri endpoint) =>
        endpoint.Scheme == "npipe" && endpoint.Host is "." or "" && endpoint.AbsolutePath.StartsWith("/pipe/", StringComparison.OrdinalIgnoreCase)
            ? @"\\.\pipe\" + endpoint.AbsolutePath.Substring("/pipe/".Length)
            : null;
}
