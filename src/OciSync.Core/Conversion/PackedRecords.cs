using System.Globalization;
using System.Text;
using System.Text.Json;
using OciSync.Core.Files;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Conversion;

/// <summary>
/// What layers became when they were packed, kept in a folder from run to run (<c>-StatePath</c>): a layer that is packed in that form where it is to go is
/// not packed again. A record says nothing of any place, which is asked; one that was changed, or was written for another layer, counts as none.
/// </summary>
/// <param name="statePath">The folder, or null: then nothing is noted.</param>
/// <param name="time">Tells which records are out of use.</param>
/// <param name="events">Who is told what can't be noted.</param>
internal sealed class PackedRecords(string? statePath, TimeProvider time, EngineEvents events)
{
    // A record that nobody has used for so long is deleted.
    private static readonly TimeSpan Life = TimeSpan.FromDays(90);

    private readonly RecordFolder? _folder = RecordFolder.Below(statePath, "packed", Life, time, events.Tell);

    /// <summary>What the layer became by the rule, for one user more; null where that is not known.</summary>
    internal PackedLayer? Find(Descriptor layer, LayerRule rule)
    {
        var key = KeyOf(layer, rule);
        try
        {
            if (_folder?.Read(key) is not { } content)
            {
                return null;
            }

            if (Read(content, layer, rule) is not { } found)
            {
                events.Tell($"'{_folder.PathOf(key)}' is not what was written there; it is left aside.");
                return null;
            }

            _folder.Renew(key);
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            events.Tell($"What the layer {layer.Digest} was packed to can't be read: {e.Message}");
            return null;
        }
    }

    /// <summary>Notes what a layer became.</summary>
    internal void Note(PackedLayer packed)
    {
        if (_folder is null || packed.DiffId is not { } diffId)
        {
            return;
        }

        try
        {
            _folder.Write(KeyOf(packed.Source, packed.Rule), Write(packed, diffId));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            events.Tell($"What the layer {packed.Source.Digest} was packed to can't be noted in '{_folder}': {e.Message}");
        }
    }

    /// <summary>The layer gave other bytes: what was noted of it is no longer so.</summary>
    internal void Forget(PackedLayer packed)
    {
        try
        {
            _folder?.Delete(KeyOf(packed.Source, packed.Rule));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            events.Tell($"What the layer {packed.Source.Digest} was packed to can't be forgotten: {e.Message}");
        }
    }

    /// <summary>The record of a layer.</summary>
    internal static byte[] Write(PackedLayer packed, Digest diffId)
    {
        var record = new Dictionary<string, string>
        {
            ["layer"] = packed.Source.Digest.ToString(),
            ["packing"] = NameOf(packed.Rule),
            ["digest"] = packed.Digest.ToString(),
            ["size"] = packed.Size.ToString(CultureInfo.InvariantCulture),
            ["diffId"] = diffId.ToString(),
        };
        record["check"] = CheckOf(record["layer"], record["packing"], record["digest"], record["size"], record["diffId"]);
        return JsonSerializer.SerializeToUtf8Bytes(record);
    }

    /// <summary>Reads a record; null where it is none, was changed, or was written for another layer or another packing.</summary>
    internal static PackedLayer? Read(byte[] content, Descriptor layer, LayerRule rule)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            string Text(string name) =>
                document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
            return Text("layer") == layer.Digest.ToString() && Text("packing") == NameOf(rule)
                && Text("check") == CheckOf(Text("layer"), Text("packing"), Text("digest"), Text("size"), Text("diffId"))
                && Digest.TryParse(Text("digest"), out var digest, out _) && Digest.TryParse(Text("diffId"), out var diffId, out _)
                && long.TryParse(Text("size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                    ? new PackedLayer(layer, rule, digest!, size, diffId, null) { Users = 1 }
                    : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or half a character in it: whoever reads it says that it is none.
            return null;
        }
    }

    private static string NameOf(LayerRule rule) => rule.Level is { } level ? $"{rule.Target} {level}" : rule.Target.ToString();

    private static string CheckOf(params string[] fields) => Digest.Of(Encoding.UTF8.GetBytes(string.Join("\n", fields))).Hex;

    private static string KeyOf(Descriptor layer, LayerRule rule) => $"{layer.Digest} {NameOf(rule)}";
}
