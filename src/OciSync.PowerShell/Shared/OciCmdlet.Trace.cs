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
    private bool _isTelling;
    private int _traceWarnings;

    /// <summary>A file that gets each request and its answer, without secrets, as one line of JSON.</summary>
    [Parameter]
    public string? TracePath { get; set; }

    private void BeginTrace()
    {
        _isDebugging = IsShown("Debug");

        // By -Debug PowerShell shows verbose messages as well.
        _isTelling = _isDebugging || IsShown("Verbose") || TracePath is not null;
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
        Decision = !_isTelling ? null : text =>
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

    // Messages of a stream have somebody who sees them: by the command's own parameter, else by the caller's preference.
    private bool IsShown(string stream) =>
        MyInvocation.BoundParameters.TryGetValue(stream, out var bound) ? bound is SwitchParameter { IsPresent: true }
        : SessionState.PSVariable.GetValue(stream + "Preference") is { } preference
            && LanguagePrimitives.TryConvertTo<ActionPreference>(preference, out var action)
            && action is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);
}
