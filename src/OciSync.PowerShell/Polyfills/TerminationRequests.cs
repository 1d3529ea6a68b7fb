#if NET8_0_OR_GREATER
using System.Runtime.InteropServices;
#endif

namespace OciSync.PowerShell.Polyfills;

/// <summary>The system's request to end the process: SIGTERM, at the shutdown of Windows too. Windows PowerShell can't hear it.</summary>
internal static class TerminationRequests
{
#if NET8_0_OR_GREATER
    /// <summary>
    /// Calls the handler, on a thread of the runtime's own, until what is given back is disposed. The request is not swallowed: when the
    /// handler has returned, it has the effect it would have had without it, and that is the end of the process.
    /// </summary>
    internal static IDisposable? Listen(Action handler) => PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => handler());
#else
    /// <summary>Nothing is heard: null.</summary>
    internal static IDisposable? Listen(Action handler) => null;
#endif
}
