using System.Runtime.InteropServices;

namespace OciSync.EngineHost.Hosting;

/// <summary>Ctrl+C and termination as a request to stop; a second signal ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly ManualResetEvent _requested = new(initialState: false);
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => OnSignal(context, 130)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, 143)),
        ];

    public WaitHandle Requested => _requested;

    public int ExitCode { get; private set; }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _requested.Dispose();
    }

    private void OnSignal(PosixSignalContext context, int exitCode)
    {
        if (ExitCode != 0)
        {
            return;
        }

        context.Cancel = true;
        ExitCode = exitCode;
        _requested.Set();
    }
}
