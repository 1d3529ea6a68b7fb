using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using OciSync.Core.Flow;
using OciSync.PowerShell.Pipeline;

namespace OciSync.PowerShell.Output;

/// <summary>
/// The engine's events as progress: images and bytes, rate and time left, and the layers on their way. What is shown is completed by the
/// pipeline.
/// </summary>
/// <remarks>
/// Where nobody watches there are no bars, but a line for -Verbose every ten seconds. What is known is shown again each second: PowerShell's
/// console drops a record that comes soon after another, and where nothing moves the rate falls.
/// </remarks>
internal sealed class TransferMonitor : IDisposable
{
    private static readonly TimeSpan TimeBetweenLines = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan TimeBetweenRecords = TimeSpan.FromSeconds(1);

    private const int ParentId = 7301;
    private const int LayersShown = 4;

    private readonly object _lock = new();
    private readonly string _activity;
    private int _images;
    private readonly PipelineWriter _writer;
    private readonly bool _isWatched;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<string, TransferProgress> _running = [];
    private int _imagesDone;
    private long _planned;
    private long _done;
    private long _sent;
    private readonly Timer _repeat;
    private TimeSpan _lastLine;
    private int _layersShown;

    internal TransferMonitor(string activity, PipelineWriter writer, bool isWatched)
    {
        _isWatched = isWatched;
        _activity = activity;
        _writer = writer;
        _repeat = new Timer(_ => Repeat(), null, TimeBetweenRecords, TimeBetweenRecords);
    }

    /// <summary>Nothing is shown again after this; the pipeline completes what is shown.</summary>
    public void Dispose() => _repeat.Dispose();

    internal EngineEvents Listen(EngineEvents other) => new()
    {
        Decision = other.Decision,
        Warning = other.Warning,
        Request = other.Request,
        Planned = bytes => Interlocked.Add(ref _planned, bytes),
        Progress = Update,
        Images = count => Interlocked.Exchange(ref _images, count),
        ImageDone = CountImage,
    };

    internal void CountImage()
    {
        lock (_lock)
        {
            _imagesDone++;
            Show();
        }
    }

    // Not before there is something to tell.
    private void Repeat()
    {
        lock (_lock)
        {
            if (_images > 0 || _imagesDone > 0 || _running.Count > 0)
            {
                Show();
            }
        }
    }

    private void Update(TransferProgress progress)
    {
        lock (_lock)
        {
            var key = progress.Destination + progress.Digest;
            var before = _running.TryGetValue(key, out var last) ? last.Bytes : 0;
            if (progress.Ended)
            {
                _sent += last is null ? 0 : progress.TotalBytes - before;
                _done += progress.TotalBytes;
                _running.Remove(key);
            }
            else
            {
                _sent += Math.Max(0, progress.Bytes - before);
                _running[key] = progress;
            }

            Show();
        }
    }

    private void Show()
    {
        if (!_isWatched && _clock.Elapsed - _lastLine < TimeBetweenLines)
        {
            return;
        }

        var done = _done + _running.Values.Sum(r => r.Bytes);
        var rate = _sent / Math.Max(0.001, _clock.Elapsed.TotalSeconds);
        var state = $"{_imagesDone} of {_images} images, {Size(done)} of {Size(_planned)}" + (_sent == 0 ? string.Empty : $", {Size((long)rate)}/s");
        if (!_isWatched)
        {
            ShowLine(state);
            return;
        }

        _writer.WriteProgress(new ProgressRecord(ParentId, _activity, state)
        {
            PercentComplete = _planned == 0 ? (int)Math.Min(100, 100L * _imagesDone / Math.Max(1, _images)) : (int)Math.Min(100, 100 * done / _planned),
            SecondsRemaining = rate < 1 ? -1 : (int)Math.Min(int.MaxValue, (_planned - done) / rate),
        });
        ShowLayers();
    }

    private void ShowLine(string state)
    {
        _lastLine = _clock.Elapsed;
        _writer.WriteVerbose($"{_activity}: {state}");
    }

    private void ShowLayers()
    {
        var layers = _running.Values.OrderByDescending(r => r.TotalBytes).Take(LayersShown).ToList();
        for (var i = 0; i < layers.Count; i++)
        {
            var layer = layers[i];
            _writer.WriteProgress(new ProgressRecord(
                ParentId + 1 + i, layer.Destination, $"{layer.Digest.Substring(0, 19)} {Size(layer.Bytes)} of {Size(layer.TotalBytes)}")
            {
                ParentActivityId = ParentId,
                PercentComplete = (int)(100 * layer.Bytes / Math.Max(1, layer.TotalBytes)),
            });
        }

        for (var i = layers.Count; i < _layersShown; i++)
        {
            _writer.WriteProgress(
                new ProgressRecord(ParentId + 1 + i, _activity, "done") { ParentActivityId = ParentId, RecordType = ProgressRecordType.Completed });
        }

        _layersShown = layers.Count;
    }

    private static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GB",
        >= 1L << 20 => (bytes / (double)(1L << 20)).ToString("0.0", CultureInfo.InvariantCulture) + " MB",
        _ => (bytes / 1024.0).ToString("0.0", CultureInfo.InvariantCulture) + " KB",
    };
}
