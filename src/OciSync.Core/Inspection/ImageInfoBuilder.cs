using System.Globalization;
using System.Text.Json;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Inspection;

/// <summary>
/// Manifest and config to <see cref="OciImageInfo"/>. A config may leave out anything, or have it as null. Its texts are anybody's: what
/// a terminal would act on is shown as a code point, and the bytes themselves are for who asks for the config.
/// </summary>
internal static class ImageInfoBuilder
{
    /// <param name="reference">What was inspected.</param>
    /// <param name="called">The image's name without a tag, and its tag.</param>
    /// <param name="root">Its manifest or index.</param>
    /// <param name="manifest">The manifest of one platform.</param>
    /// <param name="platforms">The platforms of an index; null: the one of the config.</param>
    /// <param name="config">The config of an image, or null.</param>
    /// <param name="tags">The tags of its repository, where they were asked for.</param>
    internal static OciImageInfo Build(
        ImageLocation reference, (string Name, string? Tag) called, Manifest root, Manifest manifest, IReadOnlyList<string>? platforms,
        JsonElement? config, string[]? tags)
    {
        var top = config ?? default;
        var run = Find(top, "config");
        var platform = ConfigReader.ReadPlatform(top);
        return new OciImageInfo
        {
            Reference = reference.ToString(),
            Name = Printable.Text(called.Name),
            Tag = Word(called.Tag),
            Digest = (root.StandsFor ?? root.Digest).ToString(),
            PlatformDigest = manifest.Digest.ToString(),
            MediaType = root.MediaType,
            ArtifactType = Word(root.ArtifactType ?? manifest.ArtifactType ?? (config is null ? manifest.Config?.MediaType : null)),
            Platforms = (platforms ?? (platform is null ? [] : [platform.ToString()])).Select(Printable.Text).ToArray(),
            Created = Time(ConfigReader.Text(top, "created")),
            Os = Word(platform?.Os),
            OsVersion = Word(platform?.OsVersion),
            Architecture = Word(platform?.Architecture),
            Variant = Word(platform?.Variant),
            Size = manifest.Layers.Sum(l => l.Size) + (manifest.Config?.Size ?? 0),
            Layers = manifest.Layers.Select(l => l.Digest.ToString()).ToArray(),
            LayersData = manifest.Layers.Select(l => new OciLayerInfo(
                Printable.Text(l.MediaType), l.Digest.ToString(), l.Size, l.Annotations.Count == 0 ? null : Shown(l.Annotations))).ToArray(),
            Env = List(run, "Env"),
            Labels = Map(run, "Labels"),
            Entrypoint = List(run, "Entrypoint"),
            Cmd = List(run, "Cmd"),
            User = Shown(ConfigReader.Text(run, "User")),
            ExposedPorts = Keys(run, "ExposedPorts"),
            History = HistoryOf(top),
            Annotations = Shown(root.Annotations),
            Author = Shown(ConfigReader.Text(top, "author")),
            DockerVersion = Shown(ConfigReader.Text(top, "docker_version")),
            RepoTags = tags?.Select(Printable.Text).ToArray(),
        };
    }

    private static JsonElement Find(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) ? value : default;

    private static string[] List(JsonElement element, string key) =>
        Find(element, key) is { ValueKind: JsonValueKind.Array } array
            ? array.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.String).Select(i => Printable.Lines(i.GetString()!)).ToArray()
            : [];

    private static string[] Keys(JsonElement element, string key) =>
        Find(element, key) is { ValueKind: JsonValueKind.Object } map ? map.EnumerateObject().Select(p => Printable.Lines(p.Name)).ToArray() : [];

    private static TextMap Map(JsonElement element, string key)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Find(element, key) is { ValueKind: JsonValueKind.Object } labels)
        {
            foreach (var label in labels.EnumerateObject().Where(l => l.Value.ValueKind == JsonValueKind.String))
            {
                map[Printable.Lines(label.Name)] = Printable.Lines(label.Value.GetString()!);
            }
        }

        return new TextMap(map);
    }

    private static string[] HistoryOf(JsonElement config) =>
        Find(config, "history") is { ValueKind: JsonValueKind.Array } history
            ? history.EnumerateArray().Select(
                h => Printable.Lines(ConfigReader.Text(h, "created_by") ?? ConfigReader.Text(h, "comment") ?? string.Empty)).ToArray()
            : [];

    private static string? Word(string? text) => text is null ? null : Printable.Text(text);

    private static string? Shown(string? text) => text is null ? null : Printable.Lines(text);

    private static TextMap Shown(IReadOnlyDictionary<string, string> texts)
    {
        var shown = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in texts)
        {
            shown[Printable.Lines(pair.Key)] = Printable.Lines(pair.Value);
        }

        return new TextMap(shown);
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
}
