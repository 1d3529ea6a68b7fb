using System.Management.Automation;
using OciSync.Core.Flow;
using OciSync.Core.Tracing;
using OciSync.PowerShell.Pipeline;

namespace OciSync.PowerShell.Shared;

/// <content>What goes over the wire, shown by -Debug and written by -TracePath.</content>
public abstract partial class OciCmdlet
{
    private TraceFile? _trace;
    private bool _isDebugging;
    private int _traceWarnings;

    /// <summary>A file that gets each request and its answer, without secrets, as one line of JSON.</summary>
    [Parameter]
    public string? TracePath { get; set; }

    private void BeginTrace()
    {
        _isDebugging = IsDebugging();
        var path = FullPath(TracePath);
        try
        {
            _trace = path is null ? null : new TraceFile(path, MyInvocation.MyCommand.Name, CreateOptions());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            ThrowTerminatingError(new ErrorRecord(e, "OciReportUnwritable", ErrorCategory.WriteError, path));
        }
    }

    // Messages don't wait for the pipeline's thread: they are told under locks and permits of the engine.
    private EngineEvents Trace(Func<PipelineWriter?> writer) => new()
    {
        Decision = text =>
        {
            _trace?.Note("decision", text);
            WarnOfTrace(writer());
            writer()?.WriteVerbose(text);
        },
        Warning = text =>
        {
            _trace?.Note("warning", text);
            writer()?.WriteWarning(text);
        },
        Request = !_isDebugging && _trace is null ? null : entry =>
        {
            _trace?.Write(entry);
            WarnOfTrace(writer());
            if (_isDebugging)
            {
                writer()?.WriteDebug(entry.ToString());
            }
        },
    };

    private void WarnOfTrace(PipelineWriter? writer)
    {
        if (_trace?.Failure is { } fault && Interlocked.Exchange(ref _traceWarnings, 1) == 0)
        {
            writer?.WriteWarning($"The trace ends here: {fault.Message}");
        }
    }

    private bool IsDebugging() =>
        MyInvocation.BoundParameters.TryGetValue("Debug", out var bound) ? bound is SwitchParameter { IsPresent: true }
        : SessionState.PSVariable.GetValue("DebugPreference") is { } preference
            && LanguagePrimitives.TryConvertTo<ActionPreference>(preference, out var action)
            && action is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);
}
