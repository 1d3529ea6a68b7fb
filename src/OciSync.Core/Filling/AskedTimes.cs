using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Folders;

namespace OciSync.Core.Filling;

/// <summary>
/// When the images that were fetched were last asked for, by their names in the folder. It is kept in a file there, so that it outlives the server;
/// without the file, or with one that can't be read, none is known, and nothing goes.
/// </summary>
internal sealed class AskedTimes
{
    /// <summary>The file in the folder.</summary>
    internal const string FileName = FolderFiles.OwnPrefix + "asked.json";

    private const int MaxSize = 64 * 1024 * 1024;

    private readonly object _lock = new();
    private readonly FolderFiles _files;
    private readonly TimeProvider _time;
    private Dictionary<string, DateTimeOffset> _times = new(StringComparer.Ordinal);

    internal AskedTimes(FolderFiles files, TimeProvider time) => (_files, _time) = (files, time);

    /// <summary>Reads the file.</summary>
    internal async Task LoadAsync()
    {
        try
        {
            var content = _files.FindSize(FileName) is > 0 ? await _files.ReadAsync(FileName, MaxSize).ConfigureAwait(false) : null;
            var read = content is null ? [] : JsonNode.Parse(content) as JsonObject ?? [];
            lock (_lock)
            {
                _times = read.Where(p => p.Value is JsonValue).ToDictionary(
                    p => p.Key,
                    p => DateTimeOffset.Parse(p.Value!.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                    StringComparer.Ordinal);
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            // As good as none: images are known again when they are fetched.
            return;
        }
    }

    /// <summary>An image was fetched.</summary>
    internal void Add(string name)
    {
        lock (_lock)
        {
            _times[name] = _time.GetUtcNow();
        }
    }

    /// <summary>An image was asked for; of one that wasn't fetched nothing is noted.</summary>
    internal void Note(string name)
    {
        lock (_lock)
        {
            if (_times.ContainsKey(name))
            {
                _times[name] = _time.GetUtcNow();
            }
        }
    }

    /// <summary>The images of which something is noted.</summary>
    internal IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
            {
                return [.. _times.Keys];
            }
        }
    }

    /// <summary>The image that was asked for longest ago, but none of these; null when there is no other.</summary>
    internal string? FindOldest(IReadOnlyCollection<string> except)
    {
        lock (_lock)
        {
            return _times.Where(t => !except.Contains(t.Key)).OrderBy(t => t.Value).ThenBy(t => t.Key, StringComparer.Ordinal)
                .Select(t => t.Key).FirstOrDefault();
        }
    }

    internal void Remove(string name)
    {
        lock (_lock)
        {
            _times.Remove(name);
        }
    }

    /// <summary>Writes the file.</summary>
    internal Task SaveAsync(CancellationToken cancellationToken)
    {
        var root = new JsonObject();
        lock (_lock)
        {
            foreach (var (name, at) in _times.Select(t => (t.Key, t.Value)))
            {
                root[name] = at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
            }
        }

        return _files.WriteAsync(FileName, JsonSerializer.SerializeToUtf8Bytes(root), cancellationToken);
    }
}
