using System.Management.Automation;

namespace OciSync.EngineHost.Hosting;

internal static class NonInteractive
{
    public static Exception Refusal() => new PSInvalidOperationException(
        "The host is in NonInteractive mode. Read and Prompt functionality is not available.");
}
