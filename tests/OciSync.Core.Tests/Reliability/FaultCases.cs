using OciSync.Testing.Registry.Faults;
using Kind = OciSync.Core.Tests.Reliability.RequestKind;

namespace OciSync.Core.Tests.Reliability;

/// <summary>All faults at all kinds of requests that they can strike.</summary>
internal static class FaultCases
{
    internal const int Always = 10_000;

    private static readonly Kind[] All = Enum.GetValues<Kind>();
    private static readonly Kind[] WithAnswer = [Kind.TagList, Kind.GetManifest, Kind.GetBlob, Kind.Token];
    private static readonly Kind[] WithBody = [Kind.Patch, Kind.PutUpload, Kind.PutManifest];

    internal static IEnumerable<FaultCase> Create() => [.. Statuses(), .. Waits(), .. Breaks(), .. Bodies(), .. Detours()];

    private static IEnumerable<FaultCase> Statuses()
    {
        foreach (var status in new[] { 500, 502, 503, 504, 408 })
        {
            foreach (var one in Twice($"{status}", All, FaultAction.Respond(status), _ => true))
            {
                yield return one;
            }
        }

        foreach (var status in new[] { 401, 403, 404, 413, 416 })
        {
            foreach (var one in Twice($"{status}", All, FaultAction.Respond(status), kind => IsMended(status, kind)))
            {
                yield return one;
            }
        }
    }

    // No tag or blob there, an upload that is gone, and a size that is too large are not the end; nor is a refused mount.
    private static bool IsMended(int status, Kind kind) => status switch
    {
        404 => kind is Kind.HeadTag or Kind.HeadBlob or Kind.Patch or Kind.PutUpload or Kind.Mount,
        413 => kind is Kind.Mount or Kind.Patch,
        416 => kind is Kind.Mount or Kind.Patch or Kind.PutUpload,
        403 => kind is Kind.Mount,
        _ => false,
    } || (kind is Kind.SourcePing or Kind.DestinationPing && status != 401) || (kind == Kind.Mount && status == 401);

    private static IEnumerable<FaultCase> Waits()
    {
        var past = DateTimeOffset.UtcNow.AddDays(-1).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        return
        [
            .. Twice("429", All, FaultAction.Respond(429, "TOOMANYREQUESTS"), _ => true),
            .. Once("429, Retry-After 0", All, FaultAction.RetryAfter(429, "0"), _ => true),
            .. Once("429, Retry-After in the past", All, FaultAction.RetryAfter(429, past), _ => true),
            .. Once("429, Retry-After a text", All, FaultAction.RetryAfter(429, "soon"), _ => true),
            .. Once("429, Retry-After a week", All, FaultAction.RetryAfter(429, "604800"), _ => false),
        ];
    }

    private static IEnumerable<FaultCase> Breaks() =>
    [
        .. Twice("reset before the answer", All, FaultAction.CutResponse(0), _ => true),
        .. Once("reset in the headers", All, new FaultAction { Kind = FaultKind.CutHeaders }, _ => true),
        .. Once("done, but the answer is lost", [.. All.Where(k => k != Kind.Token)], new FaultAction { Kind = FaultKind.LoseAnswer }, _ => true),
        .. Once("no answer for longer than the stall time", All, FaultAction.StallBeforeHeaders(), _ => true),
        .. Once("a stall within the answer", WithAnswer, FaultAction.StallResponse(20), _ => true),
        .. Once("the request is not taken any more", WithBody, FaultAction.StallRequest(20), _ => true),
        .. Twice("reset within the request", WithBody, FaultAction.CutRequest(20), _ => true),
    ];

    private static IEnumerable<FaultCase> Bodies() =>
    [
        .. Twice("reset in the middle of the answer", WithAnswer, FaultAction.CutResponse(20), _ => true),
        .. Once("reset at the last byte of a layer", [Kind.GetBlob], FaultAction.CutResponse(300_000), _ => true),
        .. Once("truncated, with a length that fits", [Kind.GetManifest, Kind.GetBlob], FaultAction.TruncateResponse(20), _ => true),
        .. Twice("one byte changed", [Kind.GetManifest, Kind.GetBlob], FaultAction.CorruptResponse(15), _ => true),
        .. Once("200 with an HTML page", All, Html(), kind => kind is Kind.GetManifest or Kind.GetBlob or Kind.SourcePing or Kind.DestinationPing),
        .. Twice("a digest in the header that lies", [Kind.HeadManifest, Kind.GetManifest], FaultAction.WrongDigestHeader(), kind => kind == Kind.GetManifest),
        .. Once("compressed unasked", [Kind.GetManifest, Kind.GetBlob], new FaultAction { Kind = FaultKind.Encode }, _ => true),
    ];

    private static IEnumerable<FaultCase> Detours() =>
    [
        .. Twice(
            "a redirect in a circle",
            All,
            FaultAction.Redirect("{path}"),
            _ => true,
            once: All.Where(k => k is not (Kind.PostUpload or Kind.Mount or Kind.PutManifest or Kind.Patch or Kind.PutUpload)).ToArray()),
        .. Once("a redirect to another scheme", All, FaultAction.Redirect("ftp://elsewhere.invalid/x"), _ => false),
        .. Once("201 where 202 was due", [Kind.PostUpload, Kind.Patch], new FaultAction { Kind = FaultKind.ChangeStatus, Status = 201 }, _ => true),
        .. Once("202 where 201 was due",
            [Kind.Mount, Kind.PutUpload, Kind.PutManifest], new FaultAction { Kind = FaultKind.ChangeStatus, Status = 202 }, _ => true),
    ];

    private static FaultAction Html() =>
        new() { Kind = FaultKind.Respond, Status = 200, Body = "<html><body>Please log in.</body></html>", ContentType = "text/html" };

    private static IEnumerable<FaultCase> Once(string name, IEnumerable<Kind> kinds, FaultAction action, Func<Kind, bool> mends) =>
        kinds.Select(kind => new FaultCase(name, kind, action, 1, mends(kind)));

    private static IEnumerable<FaultCase> Twice(
        string name, Kind[] kinds, FaultAction action, Func<Kind, bool> mends, Kind[]? once = null) =>
    [
        .. Once(name, once ?? kinds, action, mends),
        .. kinds.Select(kind => new FaultCase(name, kind, action, Always, false)),
    ];
}
