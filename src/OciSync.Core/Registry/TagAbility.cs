using System.Text.Json;
using OciSync.Core.Files;
using OciSync.Core.Flow;

namespace OciSync.Core.Registry;

/// <summary>
/// Whether a registry takes several tags with one manifest (distribution-spec, "Pushing Manifests": <c>?tag=</c>, answered by <c>OCI-Tag</c>). It is
/// found out by the first push to which it matters, once in a run; with <c>-StatePath</c> later runs know it too.
/// </summary>
/// <param name="statePath">The folder, or null: then it is known for this run alone.</param>
/// <param name="time">Tells when what is known is out of date.</param>
/// <param name="events">Who is told what can't be kept.</param>
internal sealed class TagAbility(string? statePath, TimeProvider time, EngineEvents events)
{
    // Registries are renewed now and then: what one could not is asked again after a month.
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);
    private readonly RecordFolder? _folder = RecordFolder.Below(statePath, "registries", Life, time, events.Tell);

    /// <summary>True or false where it is known; null where nobody has asked yet.</summary>
    internal bool? Find(string host)
    {
        lock (_known)
        {
            if (!_known.TryGetValue(host, out var known) && ReadFile(host) is { } kept)
            {
                _known[host] = known = kept;
                return known;
            }

            return _known.TryGetValue(host, out known) ? known : null;
        }
    }

    /// <summary>To be called with what the registry has shown.</summary>
    internal void Learn(string host, bool takesTags)
    {
        lock (_known)
        {
            if (Find(host) == takesTags)
            {
                return;
            }

            _known[host] = takesTags;
            events.Tell(takesTags ? $"'{host}' takes several tags with one manifest." : $"'{host}' takes one tag at a time.");
            WriteFile(host, takesTags);
        }
    }

    private bool? ReadFile(string host)
    {
        try
        {
            if (_folder?.Read(host) is not { } content)
            {
                return null;
            }

            using var document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("severalTags", out var value)
                && value.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? value.GetBoolean()
                    : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            events.Tell($"What was known of '{host}' can't be read: {e.Message}");
            return null;
        }
    }

    private void WriteFile(string host, bool takesTags)
    {
        try
        {
            _folder?.Write(host, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["host"] = host, ["severalTags"] = takesTags }));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            events.Tell($"What is known of '{host}' can't be kept in '{_folder}': {e.Message}");
        }
    }
}
