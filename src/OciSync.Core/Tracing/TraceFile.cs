using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OciSync.Core.Flow;
using OciSync.Core.Polyfills;
using OciSync.Core.Text;

namespace OciSync.Core.Tracing;

/// <summary>
/// Requests, answers and decisions as JSON lines, for a bug report: one object a line, the first of which says what ran where. The file is
/// written anew, for its owner alone. Safe for several threads; a full disk ends the trace, not the work.
/// </summary>
public sealed class TraceFile : IDisposable
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly object _lock = new();
    private readonly FileStream _file;
    private readonly TimeProvider _time;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its path; what is there is replaced.</param>
    /// <param name="command">What runs, without its arguments.</param>
    /// <param name="options">Of the run: its clock.</param>
    /// <exception cref="IOException">It can't be written, or another command is writing it.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write there.</exception>
    public TraceFile(string path, string command, EngineOptions options)
    {
        _time = options.Time;
        _file = PrivateFiles.Open(path);
        _file.SetLength(0);
        Write(json =>
        {
            json.WriteString("kind", "start");
            json.WriteString("time", _time.GetUtcNow());
            json.WriteString("command", command);
            json.WriteString("version", typeof(TraceFile).Assembly.GetName().Version?.ToString(3));
            json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
            json.WriteString("system", RuntimeInformation.OSDescription);
        });
    }

    /// <summary>Why nothing more is written, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Writes a request and its answer.</summary>
    public void Write(WireEntry entry) => Write(json =>
    {
        json.WriteString("kind", "request");
        json.WriteString("time", entry.Time);
        json.WriteString("method", entry.Method);
        json.WriteString("url", entry.Url);
        json.WriteNumber("status", entry.Status);
        json.WriteNumber("milliseconds", Math.Round(entry.Duration.TotalMilliseconds, 1));
        json.WriteNumber("attempt", entry.Attempt);
        if (entry.Error is not null)
        {
            json.WriteString("error", entry.Error);
        }

        WriteHeaders(json, "requestHeaders", entry.RequestHeaders);
        WriteHeaders(json, "headers", entry.Headers);
    });

    /// <summary>Writes what was decided, or what the user was warned of.</summary>
    /// <param name="kind"><c>decision</c> or <c>warning</c>.</param>
    /// <param name="text">The words.</param>
    public void Note(string kind, string text) => Write(json =>
    {
        json.WriteString("kind", kind);
        json.WriteString("time", _time.GetUtcNow());
        json.WriteString("text", Printable.Line(text));
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
        }
    }

    private static void WriteHeaders(Utf8JsonWriter json, string name, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        json.WriteStartObject(name);
        foreach (var header in headers)
        {
            json.WriteString(header.Key, header.Value);
        }

        json.WriteEndObject();
    }

    private void Write(Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        lock (_lock)
        {
            try
            {
                if (Failure is null && _file.CanWrite)
                {
                    _file.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
                    _file.Flush();
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Failure = e;
            }
        }
    }
}
