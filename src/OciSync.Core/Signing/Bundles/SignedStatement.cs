using System.Text.Json;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Bundles;

/// <summary>A statement on images by their digests (in-toto attestation framework, "Statement"); it has no names of images.</summary>
/// <param name="PredicateType">What is said of them.</param>
/// <param name="Subjects">The digests, <c>sha256:…</c>.</param>
internal sealed record SignedStatement(string PredicateType, IReadOnlyList<string> Subjects)
{
    /// <summary>What says that an image is signed, and nothing else of it; SBOMs and provenance have other types.</summary>
    internal const string SignaturePredicate = "https://sigstore.dev/cosign/sign/v1";

    private const string Place = "the statement";
    private const int MostSubjects = 10_000;

    private static readonly string[] Types = ["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"];

    /// <summary>Reads the payload of an envelope.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    internal static SignedStatement Read(byte[] payload) => StrictJson.Read(payload, Place, root =>
    {
        var members = StrictJson.Members(root, Place);
        var type = members.Text("_type");
        return Types.Contains(type)
            ? new SignedStatement(members.Text("predicateType"), [.. members.Objects("subject", MostSubjects).SelectMany(Digests)])
            : throw new FormatException($"{Place} is of the type '{Printable.Text(type)}', which is not in-toto's");
    });

    /// <summary>Why it doesn't say that an image is signed, as a sentence without its end; null where it does.</summary>
    internal string? FindFault(Digest image) =>
        PredicateType != SignaturePredicate ? $"it says something else of the image than that it is signed: '{Printable.Text(PredicateType)}'"
        : !Subjects.Contains(image.ToString()) ? $"it is of another image: {Printable.Text(string.Join(", ", Subjects.Take(2)))}" : null;

    private static IEnumerable<string> Digests(Dictionary<string, JsonElement> subject) =>
        subject.Object("digest") is { } digest ? digest.Select(d => $"{d.Key}:{StrictJson.Text(d.Value, "a digest")}") : [];
}
