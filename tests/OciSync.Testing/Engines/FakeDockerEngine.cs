using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Testing.Engines;

/// <summary>
/// Docker's engine with containerd's store (28.5, API 1.51) for images alone, with the answers that the real one gave when it was measured: it loads and
/// saves OCI layouts, says what it has of an image, and says little of what it drops. It runs on amd64.
/// </summary>
public sealed class FakeDockerEngine : IAsyncDisposable
{
    private const string NameKey = "io.containerd.image.name";
    private const string TagKey = "org.opencontainers.image.ref.name";

    private readonly EngineContent content = new();
    private readonly List<string> requests = [];
    private LoopbackServer? server;

    /// <summary>The newest API it knows: below 1.48 it is an engine of the older kind, as far as is asked here.</summary>
    public string ApiVersion { get; init; } = "1.51";

    /// <summary>Its images are kept by containerd's store.</summary>
    public bool IsContainerd { get; init; } = true;

    /// <summary>It calls itself Podman.</summary>
    public bool IsPodman { get; init; }

    /// <summary>What it says to a load, whatever comes; null for what is so.</summary>
    public string? LoadAnswer { get; init; }

    /// <summary>Digests that it drops when they are loaded, without a word.</summary>
    public HashSet<string> Dropped { get; } = [];

    /// <summary>Where it listens, as <c>DOCKER_HOST</c> has it.</summary>
    public string Address => $"tcp://127.0.0.1:{server!.Port}";

    /// <summary>Methods and paths that were asked for, with their queries, in order.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (requests)
            {
                return [.. requests];
            }
        }
    }

    /// <summary>Starts it.</summary>
    public async Task<FakeDockerEngine> StartAsync()
    {
        server = await LoopbackServer.StartAsync(0, null, http2: false, AnswerAsync);
        return this;
    }

    /// <summary>Puts an image there under a whole name.</summary>
    /// <param name="name">The name, such as docker.io/library/app:1.</param>
    /// <param name="image">The image.</param>
    /// <param name="pulled">The platforms of which everything is there, as after <c>docker pull</c>; null for the whole image.</param>
    public void Add(string name, TestImage image, params TestPlatform[]? pulled)
    {
        var isWhole = pulled is null or [];
        foreach (var manifest in image.Manifests.Where(m => isWhole || m == image.Root || pulled!.Contains(m.Platform)))
        {
            content.Keep(manifest.Digest, manifest.Bytes);
            var json = JsonNode.Parse(manifest.Bytes)!;
            var blobs = (json["layers"]?.AsArray() ?? []).Append(json["config"]).OfType<JsonNode>().Select(EngineContent.Digest);
            blobs.ToList().ForEach(d => content.Keep(d, image.Blobs[d]));
        }

        content.Name(name, new JsonObject { ["mediaType"] = image.Root.MediaType, ["digest"] = image.Digest, ["size"] = image.Root.Bytes.Length });
    }

    /// <summary>The digest a name stands for, or null.</summary>
    public string? FindDigest(string name) => content.FindImage(name) is { } image ? EngineContent.Digest(image) : null;

    /// <summary>Loses a blob or manifest.</summary>
    public void Lose(string digest) => content.Forget(digest);

    /// <summary>Whether a blob or manifest is there.</summary>
    public bool Has(string digest) => content.Find(digest) is not null;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        lock (requests)
        {
            requests.Add($"{context.Request.Method} {path}{context.Request.QueryString}");
        }

        return path switch
        {
            "/version" => context.WriteJsonAsync(200, Version()),
            "/info" => context.WriteJsonAsync(200, Info()),
            "/images/json" => context.WriteJsonAsync(200, List()),
            "/images/get" => SaveAsync(context),
            "/images/load" => LoadAsync(context),
            _ when path.StartsWith("/images/", StringComparison.Ordinal) && path.EndsWith("/json", StringComparison.Ordinal) =>
                InspectAsync(context, path["/images/".Length..^"/json".Length]),
            _ => SayAsync(context, 404, "page not found"),
        };
    }

    private static Task SayAsync(HttpContext context, int status, string message) => context.WriteJsonAsync(status, new JsonObject { ["message"] = message });

    private JsonObject Version() => new()
    {
        ["Version"] = "28.5.2",
        [nameof(ApiVersion)] = ApiVersion,
        ["MinAPIVersion"] = "1.24",
        ["Os"] = "linux",
        ["Arch"] = "amd64",
        ["Components"] = new JsonArray(new JsonObject { ["Name"] = IsPodman ? "Podman Engine" : "Engine", ["Version"] = "28.5.2" }),
    };

    private JsonObject Info() => new()
    {
        ["Driver"] = IsContainerd ? "overlayfs" : "overlay2",
        ["DriverStatus"] = new JsonArray(
            IsContainerd ? new JsonArray("driver-type", "io.containerd.snapshotter.v1") : new JsonArray("Backing Filesystem", "extfs")),
    };

    private JsonArray List() => new([.. content.Names.GroupBy(n => EngineContent.Digest(n.Value)).Select(g => new JsonObject
    {
        ["Id"] = g.Key,
        ["RepoTags"] = new JsonArray([.. g.Select(n => (JsonNode)Familiar(n.Key))]),
        ["Created"] = 1_700_000_000,
    })]);

    private Task InspectAsync(HttpContext context, string name)
    {
        if (content.FindImage(name) is not { } image)
        {
            return SayAsync(context, 404, $"No such image: {name}");
        }

        var answer = new JsonObject { ["Id"] = image["digest"]!.DeepClone(), ["RepoDigests"] = new JsonArray(), ["Descriptor"] = image.DeepClone() };
        if (context.Request.Query["manifests"] == "1")
        {
            answer["Manifests"] = new JsonArray([.. content.PartsOf(image).Select(Summarize)]);
        }

        return context.WriteJsonAsync(200, answer);
    }

    private JsonObject Summarize(JsonNode part)
    {
        var isAttestation = EngineContent.IsAttestation(part);
        var summary = new JsonObject
        {
            ["ID"] = EngineContent.Digest(part),
            ["Descriptor"] = part.DeepClone(),
            ["Available"] = content.IsAvailable(part),
            ["Kind"] = isAttestation ? "attestation" : "image",
        };
        if (isAttestation)
        {
            summary["AttestationData"] = new JsonObject { ["For"] = part["annotations"]!["vnd.docker.reference.digest"]!.DeepClone() };
        }
        else
        {
            summary["ImageData"] = new JsonObject
            {
                ["Platform"] = content.PlatformOf(part),
                ["Size"] = new JsonObject { ["Unpacked"] = IsOwn(part) && content.IsAvailable(part) && content.FindUnpackFault(part) is null ? 45056 : 0 },
            };
        }

        return summary;
    }

    private bool IsOwn(JsonNode part) => content.PlatformOf(part) is { } platform && $"{platform["os"]}/{platform["architecture"]}" == "linux/amd64";

    private async Task SaveAsync(HttpContext context)
    {
        var name = context.Request.Query["names"].ToString();
        if (content.FindImage(name) is not { } image)
        {
            await SayAsync(context, 404, $"No such image: {name}");
            return;
        }

        var entry = (JsonObject)image.DeepClone();
        if (context.Request.Query["platform"] is [{ } platform, ..])
        {
            var wanted = JsonNode.Parse(platform)!;
            var found = content.PartsOf(image).FirstOrDefault(p => content.PlatformOf(p) is { } has
                && $"{has["os"]}/{has["architecture"]}" == $"{wanted["os"]}/{wanted["architecture"]}" && content.IsAvailable(p));
            if (found is null)
            {
                await SayAsync(context, 404, $"no suitable export target found: image with reference {name} was found but does not provide it");
                return;
            }

            entry = (JsonObject)found.DeepClone();
        }
        else if (content.PartsOf(image).FirstOrDefault(p => IsOwn(p) && content.Find(EngineContent.Digest(p)) is null) is { } missing)
        {
            await SayAsync(context, 404, $"unable to create manifests file: NotFound: content digest {EngineContent.Digest(missing)}: not found");
            return;
        }

        entry["annotations"] = new JsonObject { [NameKey] = name, [TagKey] = name[(name.LastIndexOf(':') + 1)..] };
        context.Response.ContentType = "application/x-tar";
        await context.Response.Body.WriteAsync(Pack(entry));
    }

    private byte[] Pack(JsonObject entry)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            var digests = content.PartsOf(entry).SelectMany(content.NeedsOf).Prepend(EngineContent.Digest(entry)).Distinct();
            foreach (var digest in digests.Where(Has))
            {
                Write(tar, "blobs/" + digest.Replace(':', '/'), content.Find(digest)!);
            }

            var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciIndex, ["manifests"] = new JsonArray(entry.DeepClone()) };
            Write(tar, "index.json", Encoding.UTF8.GetBytes(index.ToJsonString()));
            Write(tar, "manifest.json", "[]"u8.ToArray());
            Write(tar, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}"u8.ToArray());
        }

        return stream.ToArray();
    }

    private static void Write(TarWriter tar, string name, byte[] bytes) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });

    private async Task LoadAsync(HttpContext context)
    {
        using var stream = new MemoryStream();
        await context.Request.Body.CopyToAsync(stream);
        stream.Position = 0;
        var lines = LoadAnswer ?? Load(stream);
        await context.WriteBytesAsync(200, Encoding.UTF8.GetBytes(lines), "application/json");
    }

    private string Load(Stream stream)
    {
        var files = new Dictionary<string, byte[]>();
        using (var tar = new TarReader(stream))
        {
            while (tar.GetNextEntry() is { } file)
            {
                using var bytes = new MemoryStream();
                file.DataStream?.CopyTo(bytes);
                files[file.Name] = bytes.ToArray();
            }
        }

        if (!files.TryGetValue("index.json", out var index))
        {
            return Line("errorDetail", new JsonObject { ["message"] = "unrecognized image format" });
        }

        // What has another digest than its name says is dropped, without a word.
        foreach (var (name, bytes) in files.Where(f => f.Key.StartsWith("blobs/sha256/", StringComparison.Ordinal)))
        {
            var digest = "sha256:" + name["blobs/sha256/".Length..];
            if (!Dropped.Contains(digest) && ContentDigest.Of(bytes) == digest)
            {
                content.Keep(digest, bytes);
            }
        }

        return string.Concat(JsonNode.Parse(index)!["manifests"]!.AsArray().Select(e => Take((JsonObject)e!.DeepClone())));
    }

    private string Take(JsonObject entry)
    {
        var name = (entry["annotations"]?[NameKey] ?? entry["annotations"]?[TagKey])?.GetValue<string>();
        if (name is null)
        {
            return Line("stream", $"Loaded image ID: {EngineContent.Digest(entry)}\n");
        }

        content.Name(name, entry);
        var lines = Line("stream", $"Loaded image: {Familiar(name)}\n");
        var fault = content.PartsOf(entry).Where(p => IsOwn(p) && !EngineContent.IsAttestation(p))
            .Select(content.FindUnpackFault).FirstOrDefault(f => f is not null);
        return fault is null ? lines : lines + Line("stream", $"Error unpacking image {Familiar(name)}: apply layer error for \"{Familiar(name)}\": {fault}\n");
    }

    private static string Line(string kind, JsonNode text) => new JsonObject { [kind] = text }.ToJsonString(HttpAnswers.Json) + "\r\n";

    private static string Familiar(string name) => name.Replace("docker.io/library/", string.Empty, StringComparison.Ordinal)
        .Replace("docker.io/", string.Empty, StringComparison.Ordinal);
}
