using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tags;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Reliability;

/// <summary>
/// Two real registries behind proxies at which things go wrong, and an embedded one that asks for tokens. After each case a walker reads
/// the destination itself, without the proxy and without the engine; then a second run, without a fault, has to finish the work.
/// </summary>
internal sealed class FaultBench : IAsyncDisposable
{
    private readonly TestImage _image = ImageFactory.Create(new ImageSpec { LayerSize = 400_000, Content = LayerContent.Random });
    private readonly TempFolder _state = new();
    private DockerRegistryProcess _source = null!;
    private DockerRegistryProcess _destination = null!;
    private EmbeddedRegistry _guarded = null!;
    private FaultProxy _before = null!;
    private FaultProxy _behind = null!;
    private int _number;

    internal static async Task<FaultBench> StartAsync()
    {
        var bench = new FaultBench();
        bench._source = await DockerRegistryProcess.StartAsync(accessLog: false);
        bench._destination = await DockerRegistryProcess.StartAsync(accessLog: false);
        bench._guarded = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(anonymousPull: true));
        bench._before = await FaultProxy.StartAsync(bench._source.BaseUri);
        bench._behind = await FaultProxy.StartAsync(bench._destination.BaseUri);
        await Seeder.PushAsync(bench._image, bench._source.BaseUri, "app", ["1"]);
        await bench._guarded.AddAsync("app", bench._image, "1");
        return bench;
    }

    public async ValueTask DisposeAsync()
    {
        await _before.DisposeAsync();
        await _behind.DisposeAsync();
        await _guarded.DisposeAsync();
        await _source.DisposeAsync();
        await _destination.DisposeAsync();
        _state.Dispose();
    }

    internal async Task<FaultOutcome> RunAsync(FaultCase one)
    {
        var place = $"{_behind.Address}/c{Interlocked.Increment(ref _number)}";
        var armed = Arm(one);
        var clock = Stopwatch.StartNew();
        var rows = (await Run.SyncAsync(Request(one, place), OptionsFor(one))).Select(o => o.Row).ToList();
        var seconds = clock.Elapsed.TotalSeconds;
        Disarm();
        var walked = await WalkAsync(place);
        var failed = rows.Find(r => r.Status == "Failed");
        var retries = rows.Sum(r => r.RetryCount);
        var text = failed is null
            ? (retries == 0 ? "whole" : $"whole, {retries} more")
            : failed.ErrorId!["Oci".Length..] + (retries == 0 ? "" : $", {retries} more");
        var wrong = walked.Fault ?? (armed.Hits == 0 ? "the fault never struck" : null) ?? Judge(one, rows, walked.Tags) ?? await FinishAsync(one, place);
        return new FaultOutcome(one, text, wrong is null ? null : $"{one}: {wrong}", seconds);
    }

    // Short of patience only with what stalls: on a busy machine any answer may take that long.
    private EngineOptions OptionsFor(FaultCase one) =>
        one.Action.Kind is FaultKind.StallBeforeHeaders or FaultKind.StallResponse or FaultKind.StallRequest
            ? Options with { StallTimeout = TimeSpan.FromMilliseconds(400) }
            : Options;

    private EngineOptions Options => Run.Quick with
    {
        MaximumRetryCount = 3,
        RetryInterval = TimeSpan.FromMilliseconds(2),
        ResumeThreshold = 300_000,
        ResumeChunkSize = 200_000,
        StatePath = _state.Path,
    };

    private static string? Judge(FaultCase one, List<OciSyncResult> rows, int tags)
    {
        if (rows.Count == 0 || rows.Any(r => r.Status is not ("Copied" or "Failed")))
        {
            return "rows: " + string.Join(" ", rows.Select(r => r.Status));
        }

        var failed = rows.Where(r => r.Status == "Failed").ToList();
        if (failed.Any(r => r.ErrorId is null || r.Error is not { Length: > 20 }))
        {
            return "a failure without a clear word: " + failed[0].Error;
        }

        return one.MustMend && failed.Count > 0 ? $"it should have arrived: {failed[0].ErrorId} {failed[0].Error}"
            : tags < rows.Count - failed.Count ? "a row says Copied, and the walker doesn't find it"
            : null;
    }

    // The walker's word: nothing at all, or images whose every part is there and right.
    private async Task<(int Tags, string? Fault)> WalkAsync(string place)
    {
        var prefix = place.Split('/')[1];
        using var reader = new RawRegistryReader(_destination.BaseUri);
        var found = 0;
        foreach (var repository in new[] { $"{prefix}/app", $"{prefix}/app-again" })
        {
            try
            {
                foreach (var tag in await reader.GetTagsAsync(repository))
                {
                    var digests = await reader.VerifyAsync(repository, tag);
                    if (digests[0] != _image.Digest)
                    {
                        return (found, $"{repository}:{tag} is {digests[0]}");
                    }

                    found++;
                }
            }
            catch (HttpRequestException e) when (e.StatusCode == System.Net.HttpStatusCode.NotFound
                && e.Message.Contains("tags/list", StringComparison.Ordinal))
            {
                // No such repository: nothing is shown.
            }
            catch (Exception e) when (e is HttpRequestException or InvalidDataException)
            {
                return (found, "THE DESTINATION IS WRONG: " + e.Message);
            }
        }

        return (found, null);
    }

    private async Task<string?> FinishAsync(FaultCase one, string place)
    {
        var rows = (await Run.SyncAsync(Request(one, place), Options)).Select(o => o.Row).ToList();
        var failed = rows.Find(r => r.Status is not ("Copied" or "UpToDate"));
        var (tags, fault) = await WalkAsync(place);
        return failed is not null ? $"the second run did not finish the work: {failed.Status} {failed.Error}"
            : fault ?? (tags == rows.Count ? null : $"after the second run there are {tags} of {rows.Count}");
    }

    private SyncRequest Request(FaultCase one, string place)
    {
        var source = $"{(one.Kind == RequestKind.Token ? _guarded.Address : _before.Address)}/app:1";
        if (one.Kind == RequestKind.TagList)
        {
            var places = new[] { SyncPlace.Below(GivenDestination.Read(place), DestinationNaming.Leaf) };
            return new SyncRequest { Repositories = [new SyncRepository(
                ImageReference.Parse($"{_before.Address}/app"), new TagSelector(new TagChoice()), places, source)] };
        }

        var request = Run.Request([source], place);
        return one.Kind != RequestKind.Mount
            ? request
            : request with { Pairs = [.. request.Pairs, new SyncPair(ImageReference.Parse(source), ImageReference.Parse(place + "/app-again:1"), source)] };
    }

    private Fault Arm(FaultCase one)
    {
        var fault = new Fault
        {
            Predicate = r => IsOf(one.Kind, r),
            Action = one.Action,
            Times = one.Times,
            BeforeAuthorization = one.Kind == RequestKind.Token
        };
        return (one.Kind == RequestKind.Token ? _guarded.Faults : one.Kind <= RequestKind.GetBlob ? _before.Faults : _behind.Faults).Add(fault);
    }

    private void Disarm()
    {
        _before.Faults.Clear();
        _behind.Faults.Clear();
        _guarded.Faults.Clear();
    }

    private static bool IsOf(RequestKind kind, HttpRequest request)
    {
        var path = request.Path.Value!;
        var isUpload = path.Contains("/blobs/uploads/", StringComparison.Ordinal);
        var isManifest = path.Contains("/manifests/", StringComparison.Ordinal);
        var isMount = request.Query.ContainsKey("mount");
        return (kind, request.Method) switch
        {
            (RequestKind.SourcePing or RequestKind.DestinationPing, "GET") => path == "/v2/",
            (RequestKind.Token, "GET") => path == "/token",
            (RequestKind.TagList, "GET") => path.EndsWith("/tags/list", StringComparison.Ordinal),
            (RequestKind.HeadManifest or RequestKind.HeadTag, "HEAD") => isManifest,
            (RequestKind.GetManifest, "GET") => isManifest,
            (RequestKind.GetBlob, "GET") => path.Contains("/blobs/", StringComparison.Ordinal),
            (RequestKind.HeadBlob, "HEAD") => path.Contains("/blobs/", StringComparison.Ordinal),
            (RequestKind.Mount, "POST") => isMount,
            (RequestKind.PostUpload, "POST") => isUpload && !isMount,
            (RequestKind.Patch, "PATCH") => true,
            (RequestKind.PutUpload, "PUT") => isUpload,
            (RequestKind.PutManifest, "PUT") => isManifest,
            _ => false,
        };
    }
}
