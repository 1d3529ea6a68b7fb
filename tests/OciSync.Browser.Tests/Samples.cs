using System.Globalization;
using System.Text.Json;
using OciSync.Core.Reports;
using OciSync.Core.Rows;

namespace OciSync.Browser.Tests;

/// <summary>Runs that never were, the same each time.</summary>
internal static class Samples
{
    private static readonly string[] Names =
        ["library/alpine", "library/nginx", "prometheus/prometheus", "pause", "kube-apiserver", "team/app-backend", "coredns/coredns", "etcd"];

    private static readonly string[] Sources = ["docker.io", "quay.io", "registry.k8s.io"];
    private static readonly string[] Places = ["registry.corp.local/mirror", "harbor.lab.example:8443/cache", "registry.cn-hangzhou.aliyuncs.com/me"];

    private static readonly (string Id, string Text)[] Faults =
    [
        ("OciForbidden", "the registry refuses the push (403, DENIED): the account may only pull. Check its permissions, or ask for a robot account."),
        ("OciConnectionFailed", "no connection: nothing listens at the port. It was tried 6 times."),
        ("OciManifestUnknown", "does not exist. Get-OciTag lists the tags there are."),
    ];

    internal static DateTimeOffset Night { get; } = new(2026, 11, 28, 2, 0, 0, TimeSpan.Zero);

    /// <summary>The page of a run of so many images to three places, of which three of a hundred rows fail, beside the night before.</summary>
    internal static string Mirror(int images) => ReportPage.Render(new ReportRun(Rows(images, 1), Night.AddHours(2))
    {
        HasEnded = true,
        Previous = Rows(images - (images / 50), 0),
        RowsName = "run.jsonl",
    });

    internal static IReadOnlyList<OciSyncResult> Rows(int images, int night)
    {
        var lines = new ResultLines("sample");
        foreach (var image in Enumerable.Range(0, images))
        {
            foreach (var place in Enumerable.Range(0, Places.Length))
            {
                lines.Add(Row(image, place, night));
            }
        }

        return lines.Rows;
    }

    /// <summary>A row with these fields and no others.</summary>
    internal static string Line(params (string Name, object Value)[] fields) =>
        JsonSerializer.Serialize(fields.ToDictionary(f => f.Name, f => f.Value));

    // Chance that is the same each time: a number between 0 and 999 for an image at a place.
    private static int Chance(int image, int place, int salt) => (int)(((((long)image * 7919) + (place * 104729) + (salt * 1299709)) * 2654435761 >> 7) % 1000);

    private static string Row(int image, int place, int night)
    {
        var name = Names[image % Names.Length];
        var tag = string.Create(CultureInfo.InvariantCulture, $"{image / 100}.{image % 100}.{image % 7}");
        var chance = Chance(image, place, night);
        var status = chance < 30 ? "Failed" : chance < 180 ? "Copied" : chance < 210 ? "Updated" : "UpToDate";
        var moved = image % 97 == 3 ? night : 0;
        var digest = "sha256:" + string.Concat(Enumerable.Range(0, 8).Select(
            i => (((image + 1L) * 40503 * (i + 3)) + moved).ToString("x8", CultureInfo.InvariantCulture)[^8..]));
        var copied = status is "Copied" or "Updated" ? 1_000_000L * (1 + Chance(image, place, 5)) : 0;
        var (id, text) = Faults[Chance(image, place, 9) % Faults.Length];
        var destination = $"{Places[place]}/{name.Split('/')[^1]}:{tag}";
        var fields = new List<(string, object)>
        {
            ("Source", $"{Sources[image % Sources.Length]}/{name}:{tag}"), ("Destination", destination), ("Status", status),
            ("Platforms", image % 3 == 0 ? new[] { "linux/amd64" } : ["linux/amd64", "linux/arm64", "linux/arm/v7"]),
            ("BytesCopied", copied), ("BytesMounted", copied / 3), ("BytesSkipped", copied == 0 ? 30_000_000 : 0), ("RetryCount", chance % 50 == 0 ? 2 : 0),
            ("StartTime", Night.AddDays(night - 1).AddSeconds((image * 0.7) + (place * 0.1)).ToString("o", CultureInfo.InvariantCulture)),
            ("Duration", TimeSpan.FromMilliseconds(50 + (copied / 20_000)).ToString("c", CultureInfo.InvariantCulture)),
            ("RunId", night == 1 ? "8d2c4b0f5a3e4d6f9a1b2c3d4e5f6071" : "0c1d2e3f405162738495a6b7c8d9eafb"),
        };
        var error = id == "OciManifestUnknown" ? $"'{fields[0].Item2}' {text}" : $"{destination}: {text}";
        fields.AddRange(status == "Failed"
            ? [("ErrorId", id), ("Error", error), ("Reason", error)]
            : [("Digest", digest), ("SourceDigest", digest)]);
        return Line([.. fields]);
    }
}
