using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Folders;
using OciSync.Core.References;

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
    private readonly Dictionary<string, Asked> _images = new(StringComparer.Ordinal);

    // The images that a manifest is the root or a part of.
    private readonly Dictionary<string, HashSet<string>> _owners = new(StringComparer.Ordinal);

    internal AskedTimes(FolderFiles files, TimeProvider time) => (_files, _time) = (files, time);

    /// <summary>Reads the file.</summary>
    internal async Task LoadAsync()
    {
        try
        {
            var content = _files.FindSize(FileName) is > 0 ? await _files.ReadAsync(FileName, MaxSize).ConfigureAwait(false) : null;
            var read = (content is null ? [] : JsonNode.Parse(content) as JsonObject ?? []).Select(p => (p.Key, Asked: Read(p.Value))).ToList();
            lock (_lock)
            {
                read.ForEach(r => Set(r.Key, r.Asked));
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            // As good as none: images are known again when they are fetched.
            return;
        }
    }

    /// <summary>An image was fetched.</summary>
    /// <param name="name">Its name in the folder.</param>
    /// <param name="manifests">The digests of its manifests: who asks for one of them asks for the image.</param>
    internal void Add(string name, IEnumerable<Digest> manifests)
    {
        lock (_lock)
        {
            Remove(name);
            Set(name, new Asked(_time.GetUtcNow(), [.. manifests.Select(m => m.ToString())]));
        }
    }

    /// <summary>Something of a repository was asked for; of what wasn't fetched nothing is noted.</summary>
    internal void Note(UpstreamImage image, string reference)
    {
        lock (_lock)
        {
            Renew(image.NameOf(reference));
            foreach (var name in _owners.TryGetValue(reference, out var owners) ? owners.Where(image.Has) : [])
            {
                Renew(name);
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
                return [.. _images.Keys];
            }
        }
    }

    /// <summary>The image that was asked for longest ago, but none of these; null when there is no other.</summary>
    internal string? FindOldest(IReadOnlyCollection<string> except)
    {
        lock (_lock)
        {
            return _images.Where(t => !except.Contains(t.Key)).OrderBy(t => t.Value.At).ThenBy(t => t.Key, StringComparer.Ordinal)
                .Select(t => t.Key).FirstOrDefault();
        }
    }

    internal void Remove(string name)
    {
        lock (_lock)
        {
            foreach (var manifest in _images.TryGetValue(name, out var asked) ? asked.Manifests : [])
            {
                if (_owners.TryGetValue(manifest, out var owners) && owners.Remove(name) && owners.Count == 0)
                {
                    _owners.Remove(manifest);
                }
            }

            _images.Remove(name);
        }
    }

    /// <summary>Writes the file.</summary>
    internal Task SaveAsync(CancellationToken cancellationToken)
    {
        var root = new JsonObject();
        lock (_lock)
        {
            foreach (var (name, asked) in _images.Select(t => (t.Key, t.Value)))
            {
                root[name] = new JsonObject
                {
                    ["at"] = asked.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                    ["manifests"] = new JsonArray([.. asked.Manifests.Select(m => (JsonNode)m)]),
                };
            }
        }

        return _files.WriteAsync(FileName, JsonSerializer.SerializeToUtf8Bytes(root), cancellationToken);
    }

    private static Asked Read(JsonNode? node) => node is JsonObject asked
        ? new Asked(Time(asked["at"]), [.. (asked["manifests"] as JsonArray ?? []).Select(Text)])
        : new Asked(Time(node), []);

    private static DateTimeOffset Time(JsonNode? node) =>
        DateTimeOffset.Parse(Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? throw new FormatException("A text is missing.");

    private void Set(string name, Asked asked)
    {
        _images[name] = asked;
        foreach (var manifest in asked.Manifests)
        {
            if (!_owners.TryGetValue(manifest, out var owners))
            {
                _owners[manifest] = owners = new HashSet<string>(StringComparer.Ordinal);
            }

            owners.Add(name);
        }
    }

    private void Renew(string name)
    {
        if (_images.TryGetValue(name, out var asked))
        {
            _images[name] = asked with { At = _time.GetUtcNow() };
        }
    }

    private sealed record Asked(DateTimeOffset At, IReadOnlyList<string> Manifests);
}
