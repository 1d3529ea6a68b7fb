using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.DockerEngine;

/// <summary>What an engine with containerd's store has under a name: the image as it was pushed, and which parts of it are there.</summary>
/// <param name="Name">What was asked for.</param>
/// <param name="Digest">The digest of its manifest or index.</param>
/// <param name="MediaType">The type of that.</param>
internal sealed record HeldImage(string Name, Digest Digest, string MediaType)
{
    /// <summary>The manifests of its index; of an image without one, the image itself.</summary>
    internal IReadOnlyList<HeldPart> Parts { get; init; } = [];

    /// <summary>Every part is there, and what runs on this platform is unpacked.</summary>
    internal bool IsReady(Core.References.Platform? machine) =>
        Parts.All(p => p.IsAvailable && (p.IsUnpacked || p.Platform is null || machine?.Matches(p.Platform) != true));

    /// <summary>Reads the engine's answer; null when it says no digest (an engine without containerd's store, or an older one).</summary>
    internal static HeldImage? Read(string name, ImageInspectResponse answer) =>
        answer.Descriptor is { } descriptor && Digest.TryParse(descriptor.Digest ?? string.Empty, out var digest, out _)
            ? new HeldImage(name, digest!, descriptor.MediaType ?? string.Empty)
            {
                Parts = (answer.Manifests ?? []).Select(HeldPart.Read).OfType<HeldPart>().ToList(),
            }
            : null;

    internal HeldPart? Find(Digest digest) => Parts.FirstOrDefault(p => p.Digest == digest);

    /// <summary>
    /// An index of the parts, to choose a platform from where the engine doesn't give the image's own.
    /// </summary>
    internal Manifest MakeIndex()
    {
        var root = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.IsIndex(MediaType) ? MediaType : MediaTypes.OciIndex,
            ["manifests"] = new JsonArray([.. Parts.Select(p => p.Entry.DeepClone())]),
        };
        var content = System.Text.Encoding.UTF8.GetBytes(root.ToJsonString());
        var made = ManifestReader.Read(content, null, Digest.Of(content), Name);
        return new Manifest(content, made.MediaType, made.Digest) { Children = made.Children, StandsFor = Digest };
    }

    /// <summary>The failure that names what the engine has not got, and the ways on.</summary>
    /// <param name="wanted">The part that was asked for.</param>
    internal OciException Lacks(HeldPart wanted)
    {
        var name = Printable.Text(Name);
        // Where a platform is missing as well, that is what is said, whichever was asked for first.
        if (wanted.IsAttestation && Parts.All(p => p.IsAttestation || p.IsAvailable))
        {
            return new OciException(
                OciErrorKind.ManifestUnknown,
                $"The Docker engine has not got the build attestation {wanted.Digest} of '{name}'. Copy the image without it: -ExcludeAttestation.");
        }

        var has = List(Parts.Where(p => p.IsAvailable));
        var lacks = List(Parts.Where(p => !p.IsAvailable));
        var here = has.Length == 0 ? "none of them whole" : $"{has} alone";
        var copy = has.Length == 0
            ? string.Empty
            : $"Copy what is there with -Platform {has.Replace(" ", string.Empty)} (with -KeepIndex below the image's own index), or fetch";
        return new OciException(
            OciErrorKind.PlatformUnknown,
            $"'{name}' is an image for {List(Parts)}, and the Docker engine has {here}: pulled is what runs on its machine. "
                + $"{(copy.Length == 0 ? "Fetch" : copy)} the rest: docker pull --platform {lacks.Split(',')[0]} {name}.");
    }

    private static string List(IEnumerable<HeldPart> parts) =>
        string.Join(", ", parts.Where(p => !p.IsAttestation).Select(p => p.Platform?.ToString() ?? p.Digest.ToString()).Distinct());
}
