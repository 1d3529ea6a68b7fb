using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using OciSync.Core.References;

namespace OciSync.Core.DockerEngine;

/// <summary>A manifest that an image of an engine names, and whether the engine has it with all its blobs.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Entry">Its descriptor, in JSON, as an index has it.</param>
internal sealed record HeldPart(Digest Digest, JsonObject Entry)
{
    /// <summary>What it runs on; null for an attestation, and where nobody says.</summary>
    internal Core.References.Platform? Platform { get; init; }

    /// <summary>The platform as the engine's API asks for it; null where it can't be asked for.</summary>
    internal string? Asked { get; init; }

    /// <summary>It speaks of another part.</summary>
    internal bool IsAttestation { get; init; }

    /// <summary>The engine has all of it.</summary>
    internal bool IsAvailable { get; init; }

    /// <summary>It is ready to run; only what runs on the engine's machine is made so.</summary>
    internal bool IsUnpacked { get; init; }

    /// <summary>Reads one of the engine's answer; null when its digest is none.</summary>
    internal static HeldPart? Read(ManifestSummary summary)
    {
        if (summary.Descriptor is not { } descriptor || !Digest.TryParse(descriptor.Digest ?? string.Empty, out var digest, out _))
        {
            return null;
        }

        var isAttestation = summary.Kind == "attestation";
        var platform = isAttestation ? null : descriptor.Platform ?? summary.ImageData?.Platform;
        return new HeldPart(digest!, Write(descriptor))
        {
            Platform = platform is { OS.Length: > 0, Architecture.Length: > 0 }
                ? Core.References.Platform.Of(platform.OS, platform.Architecture, Text(platform.Variant), Text(platform.OSVersion))
                : null,
            Asked = platform is null ? null : Write(platform).ToJsonString(),
            IsAttestation = isAttestation,
            IsAvailable = summary.Available,
            IsUnpacked = summary.ImageData?.Size?.Unpacked > 0,
        };
    }

    private static JsonObject Write(Descriptor descriptor)
    {
        var entry = new JsonObject { ["mediaType"] = descriptor.MediaType, ["digest"] = descriptor.Digest, ["size"] = descriptor.Size };
        if (descriptor.Annotations is { Count: > 0 } annotations)
        {
            entry["annotations"] = new JsonObject(annotations.Select(a => new KeyValuePair<string, JsonNode?>(a.Key, a.Value)));
        }

        if (descriptor.Platform is { } platform)
        {
            entry["platform"] = Write(platform);
        }

        return entry;
    }

    private static JsonObject Write(Docker.DotNet.Models.Platform platform)
    {
        var json = new JsonObject { ["architecture"] = platform.Architecture, ["os"] = platform.OS };
        foreach (var (key, value) in new[] { ("variant", Text(platform.Variant)), ("os.version", Text(platform.OSVersion)) })
        {
            if (value is not null)
            {
                json[key] = value;
            }
        }

        return json;
    }

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
