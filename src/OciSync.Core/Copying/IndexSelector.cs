using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Copying;

/// <summary>
/// Which part of an index is copied (a pure function of its bytes): one platform is that manifest, several are a rebuilt index with
/// those entries as they were. Nothing to leave out leaves the index, and its digest, as it is.
/// </summary>
internal static class IndexSelector
{
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>The entry that is the image, or the index to use, which may be the one given.</returns>
    internal static (Descriptor? Single, Manifest Index) Select(Manifest index, ImageSelection selection, string name)
    {
        var images = index.Children.Where(c => !c.IsAttestation).ToList();
        var kept = selection.Platforms.Count == 0 ? images : images.Where(c => Matches(c, selection)).ToList();
        if (kept.Count == 0)
        {
            throw NoMatch(index, selection, name);
        }

        if (selection.Platforms.Count > 0 && kept.Count == 1)
        {
            return (kept[0], index);
        }

        var digests = new HashSet<string>(kept.Select(c => c.Digest.ToString()));
        var entries = index.Children
            .Where(c => c.IsAttestation ? !selection.ExcludeAttestation && SpeaksOf(c, digests) : digests.Contains(c.Digest.ToString())).ToList();
        return (null, entries.Count == index.Children.Count ? index : Rebuild(index, entries, name));
    }

    private static bool Matches(Descriptor child, ImageSelection selection) =>
        child.Platform is { } platform && selection.Platforms.Any(p => p.Matches(platform));

    private static bool SpeaksOf(Descriptor attestation, HashSet<string> digests) =>
        attestation.Annotations.TryGetValue("vnd.docker.reference.digest", out var of) && digests.Contains(of);

    private static Manifest Rebuild(Manifest index, List<Descriptor> entries, string name)
    {
        var root = JsonNode.Parse(index.Content)!.AsObject();
        var list = root["manifests"]!.AsArray();
        var keep = new HashSet<string>(entries.Select(e => e.Digest.ToString()));
        foreach (var entry in list.Where(e => !keep.Contains(e!["digest"]!.GetValue<string>())).ToList())
        {
            list.Remove(entry);
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(root, Format);
        return ManifestReader.Read(bytes, index.MediaType, Digest.Of(bytes), name);
    }

    private static OciException NoMatch(Manifest index, ImageSelection selection, string name)
    {
        var has = string.Join(", ", index.Children.Where(c => !c.IsAttestation && c.Platform is not null).Select(c => c.Platform!.ToString()).Distinct());
        return new OciException(
            OciErrorKind.PlatformUnknown, $"'{name}' has no manifest for {string.Join(", ", selection.Platforms)}; it has {(has.Length == 0 ? "none" : has)}.");
    }
}
