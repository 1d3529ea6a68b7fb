using System.Collections.Concurrent;
using OciSync.Core.Conversion;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Syncing;
using OciSync.Core.Uploads;

namespace OciSync.Fuzzing;

/// <summary>What one run leaves for the next, and how far a transfer is.</summary>
internal static partial class FuzzTargets
{
    private const string UploadKey = "registry.test/a " + Sha + " 9";

    private const string LockFile = """
        version: 1
        destinations: [mirror.test/x]
        registries:
          registry.k8s.io:
            repositories:
              - name: pause
                tags: ['3.10@sha256:0000000000000000000000000000000000000000000000000000000000000000']
                platforms: ['linux/amd64']
                referrers: true
        """;

    private static readonly PackedLayer Packed = new(
        new Descriptor("application/vnd.oci.image.layer.v1.tar", Digest.Parse(Sha), 0),
        new LayerRule(LayerEncoding.Zstd) { Level = 3 },
        Digest.Of([1]),
        9,
        null,
        null);

    private static IEnumerable<FuzzTarget> State() =>
    [
        new("row's selection", FuzzInput.Near(
            "{ latest: 5, platforms: ['linux/amd64'], excludeAttestation: true, keepIndex: true, referrers: true }",
            "{ include: ['1.*'], per: Major, since: '2024-01-01T00:00:00Z' }",
            "{ allTags: true, newOnly: true }"), TrySelection)
        {
            // A regular expression is worth that, up to its 4,000 characters.
            BytesPerByte = 4_000,
        },
        new("lock file", FuzzInput.Near(LockFile), TrySyncFile) { BytesPerByte = 4_000 },
        new("shard and prune limit", FuzzInput.Near("1/4", "10%", "25"), input =>
        {
            Allow(() => Shard.Parse(Text(input)), OciErrorKind.ChoiceInvalid);
            Allow(() => PruneLimit.Parse(Text(input)), OciErrorKind.ChoiceInvalid);
        }),
        new("upload record", FuzzInput.Near(
            $$"""{"upload":"{{UploadKey}}","location":"https://registry.test/v2/a/blobs/uploads/1?_state=x","offset":5}""",
            $$"""{"upload":"{{UploadKey}}","location":"file:///etc/passwd"}""",
            $$"""{"upload":"{{UploadKey}}","location":"a/b"}"""), TryRecord),
        new("packed record", FuzzInput.Near(
            Text(PackedRecords.Write(Packed, Packed.Source.Digest)),
            $$"""{"layer":"{{Sha}}","packing":"Zstd 3","digest":"{{Sha}}","size":"9","diffId":"\ud800","check":""}"""), TryPackedRecord),
        new("range headers", FuzzInput.Near("0-49999", "bytes=0-1", "bytes 5-9/10", "bytes */10", "bytes 0-9223372036854775807/*"), TryRanges),
    ];

    private static void TrySelection(byte[] input) => Allow(() => RowSelection.Parse(Text(input)), OciErrorKind.ChoiceInvalid);

    private static void TryRecord(byte[] input)
    {
        using var record = new UploadRecord(UploadKey, null, new ConcurrentDictionary<string, string> { [UploadKey] = Text(input) });
        Require(
            record.FindLocation("registry.test") is not { } location || (location.IsAbsoluteUri && location.Scheme is "http" or "https"),
            "a session's address is http");
    }

    private static void TryPackedRecord(byte[] input)
    {
        if (PackedRecords.Read(input, Packed.Source, Packed.Rule) is { } read)
        {
            Require(read is { Size: >= 0, Users: 1, File: null } && read.Digest == Packed.Digest, "what is believed is what was written");
        }
    }

    private static void TryRanges(byte[] input)
    {
        Require(UploadRange.ReadEnd(Text(input)) is null or >= 0, "nobody has less than nothing");
        using var content = new ByteArrayContent([]);
        if (content.Headers.TryAddWithoutValidation("Content-Range", Text(input)) && content.Headers.ContentRange is { } range)
        {
            Require(
                range.From is null || (range.From >= 0 && range.To >= range.From && (range.Length is null || range.To < range.Length)),
                "a range is within its whole");
        }
    }
}
