using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Uploads;

/// <summary>
/// How far one upload is. The address may hold a token of the registry's: it is for its owner's eyes alone and told nowhere. While the
/// record is open nobody else can take up the same session.
/// </summary>
internal sealed class UploadRecord : IDisposable
{
    private const int MaxSize = 64 * 1024;

    private readonly string _key;
    private readonly FileStream? _file;
    private readonly ConcurrentDictionary<string, string> _memory;
    private bool _isDone;

    internal UploadRecord(string key, FileStream? file, ConcurrentDictionary<string, string> memory)
    {
        _key = key;
        _file = file;
        _memory = memory;
    }

    /// <summary>
    /// The address of the session that was begun; null where the record has none that a registry could have given. A file is believed of
    /// the registry's own host alone: who can write it could else have a blob sent anywhere. What this run was told, it knows itself.
    /// </summary>
    /// <param name="authority">The registry's host and port.</param>
    internal Uri? FindLocation(string authority)
    {
        try
        {
            var text = ReadText();
            var isOwn = _memory.TryGetValue(_key, out var kept) && kept == text;
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("upload", out var key) && key.ValueKind == JsonValueKind.String && key.GetString() == _key
                && root.TryGetProperty("location", out var location) && location.ValueKind == JsonValueKind.String
                && RawUri.Create(location.GetString()!) is { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo: "", Host.Length: > 0 } address
                && (isOwn || string.Equals(address.Authority, authority, StringComparison.OrdinalIgnoreCase))
                ? address
                : null;
        }
        catch (Exception e) when (e is JsonException or IOException or InvalidOperationException or UriFormatException)
        {
            // Empty, half-written by a run that was killed, or somebody else's: there is nothing to go on with.
            return null;
        }
    }

    /// <summary>Notes the session's newest address and what the registry has of the blob.</summary>
    internal void Write(Uri location, long offset)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("upload", _key);
            json.WriteString("location", location.OriginalString);
            json.WriteNumber("offset", offset);
            json.WriteEndObject();
        }

        var bytes = buffer.ToArray();
        _isDone = false;
        _memory[_key] = Encoding.UTF8.GetString(bytes);
        try
        {
            if (_file is not null)
            {
                _file.Position = 0;
                _file.Write(bytes, 0, bytes.Length);
                _file.SetLength(bytes.Length);
                _file.Flush(flushToDisk: true);
            }
        }
        catch (IOException)
        {
            // A full disk: the upload goes on, and a later run begins anew.
            _isDone = true;
        }
    }

    /// <summary>The session is over, whatever its end.</summary>
    internal void Delete()
    {
        _isDone = true;
        _memory.TryRemove(_key, out _);
    }

    public void Dispose()
    {
        if (_file is null)
        {
            return;
        }

        try
        {
            var isEmpty = _isDone || _file.Length == 0;
            if (isEmpty)
            {
                _file.SetLength(0);
            }

            _file.Dispose();
            if (isEmpty)
            {
                File.Delete(_file.Name);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another run has taken it up already, or the disk is gone: an empty record says nothing.
            _file.Dispose();
        }
    }

    private string ReadText()
    {
        if (_file is null)
        {
            return _memory.TryGetValue(_key, out var kept) ? kept : string.Empty;
        }

        var bytes = new byte[Math.Min(MaxSize, _file.Length)];
        _file.Position = 0;
        var count = 0;
        for (int read; count < bytes.Length && (read = _file.Read(bytes, count, bytes.Length - count)) > 0;)
        {
            count += read;
        }

        return Encoding.UTF8.GetString(bytes, 0, count);
    }
}
