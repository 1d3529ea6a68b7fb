using System.Management.Automation;

namespace OciSync.EngineHost.Hosting;

/// <summary>Serialises writes to the two streams and keeps a progress line, if any, below them.</summary>
internal sealed class ConsoleScreen
{
    private const int RedirectedWidth = 120;
    private const string EraseLine = "\r\u001b[K";

    private readonly Lock _gate = new();
    private readonly ProgressLine _progress = new();
    private bool _progressShown;

    public static bool IsTerminal => !Console.IsOutputRedirected && !Console.IsErrorRedirected;

    public static int Width =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out var columns) && columns > 0 ? columns
        : !Console.IsOutputRedirected && Console.WindowWidth > 0 ? Console.WindowWidth
        : RedirectedWidth;

    public void Write(string text, bool toError = false)
    {
        lock (_gate)
        {
            EraseProgress();
            (toError ? Console.Error : Console.Out).Write(text);
        }
    }

    public void Progress(ProgressRecord record)
    {
        if (!IsTerminal)
        {
            return;
        }

        lock (_gate)
        {
            if (_progress.Update(record, Width - 1) is not { } line)
            {
                return;
            }

            EraseProgress();
            Console.Error.Write(line);
            _progressShown = line.Length > 0;
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            EraseProgress();
            Console.Out.Flush();
            Console.Error.Flush();
        }
    }

    private void EraseProgress()
    {
        if (_progressShown)
        {
            Console.Error.Write(EraseLine);
            _progressShown = false;
        }
    }
}
