using OciSync.Core.Checking;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Checking;

public sealed class CheckTests : IAsyncLifetime
{
    private readonly TestImage _image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true });
    private readonly TempFolder _folder = new();
    private EmbeddedRegistry _registry = null!;

    private string Name => $"{_registry.Address}/a:1";

    private string Layout => "oci:" + _folder["m"];

    public async ValueTask InitializeAsync()
    {
        _registry = await EmbeddedRegistry.StartAsync();
        await _registry.AddAsync("a", _image, "1");
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_whole_image_at_a_registry_is_asked_for_and_not_read()
    {
        var row = Assert.Single(await CheckAsync(Name)).Row;

        Assert.Equal(("Whole", "Head", _image.Digest), (row.Status, row.Method, row.Digest));
        Assert.Equal((_image.Manifests.Count, _image.Blobs.Count, _image.Blobs.Values.Sum(b => (long)b.Length)), (row.Manifests, row.Blobs, row.Bytes));
        Assert.Equal(_image.Blobs.Count, _registry.Requests.Count("HEAD"));
        Assert.DoesNotContain(_registry.Requests, e => e.Method == "GET" && e.Path.Contains("/blobs/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_registry_has_lost_is_named(bool full)
    {
        var lost = _image.Blobs.Keys.Take(2).ToList();
        lost.ForEach(d => Assert.True(_registry.LoseBlob("a", d)));

        var (row, failure) = Assert.Single(await CheckAsync(Name, new CheckOptions { Full = full }));

        Assert.Equal(("Broken", "OciBlobUnknown", 2), (row.Status, row.ErrorId, row.Fault.Length));
        Assert.All(lost, d => Assert.Single(row.Fault, f => f.Contains(d, StringComparison.Ordinal)));
        Assert.Contains("2 of its parts", failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_bytes_are_found_by_reading_and_another_size_by_asking()
    {
        var blob = _image.Blobs.Keys.First();
        _registry.Faults.Add("GET", blob, FaultAction.CorruptResponse(3), times: 100);
        Assert.Equal("Whole", Assert.Single(await CheckAsync(Name)).Row.Status);
        var row = Assert.Single(await CheckAsync(Name, new CheckOptions { Full = true })).Row;
        Assert.Equal(("Broken", "OciDigestMismatch", "Hash"), (row.Status, row.ErrorId, row.Method));
        Assert.Contains(blob, Assert.Single(row.Fault), StringComparison.Ordinal);

        _registry.Faults.Add("HEAD", blob, new FaultAction { Kind = FaultKind.Respond, Status = 200, Body = "short" }, times: 100);
        Assert.Equal(("Broken", "OciDigestMismatch"), await StatusAsync(Name));
    }

    [Fact]
    public async Task What_cant_be_checked_is_not_called_broken()
    {
        _registry.Faults.Add(null, "/blobs/", FaultAction.Respond(403), times: 100);
        Assert.Equal(("Unknown", "OciForbidden"), await StatusAsync(Name));
        Assert.Equal(("Broken", "OciManifestUnknown"), await StatusAsync($"{_registry.Address}/a:2"));
    }

    [Fact]
    public async Task A_carried_layout_is_hashed_each_file_once_and_each_image_has_a_row()
    {
        var artifact = ImageFactory.Artifact("application/x-empty", string.Empty);
        await _registry.AddAsync("b", artifact, "1");
        await Carry.SucceedAsync(Name, Layout + ":a:1");
        await Carry.SucceedAsync(Name, Layout + ":a:2");
        await Carry.SucceedAsync($"{_registry.Address}/b:1", Layout + ":b:1");

        var rows = await CheckAsync(Layout);
        Assert.Equal([$"{Layout}:a:1", $"{Layout}:a:2", $"{Layout}:b:1"], rows.Select(r => r.Row.Reference));
        Assert.All(rows, r => Assert.Equal(("Whole", "Hash"), (r.Row.Status, r.Row.Method)));

        var blob = _image.Blobs.OrderByDescending(b => b.Value.Length).First();
        var file = _folder["m/blobs/sha256/" + blob.Key.Substring(7)];
        var bytes = File.ReadAllBytes(file);
        bytes[5] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Equal(["Broken", "Broken", "Whole"], (await CheckAsync(Layout)).Select(r => r.Row.Status));
        Assert.Equal(("Broken", "OciDigestMismatch"), await StatusAsync(Layout + ":a:1"));

        File.WriteAllBytes(file, []);
        Assert.Equal(("Broken", "OciLayoutInvalid"), await StatusAsync(Layout + ":a:1"));
        File.Delete(file);
        Assert.Equal(("Broken", "OciBlobUnknown"), await StatusAsync(Layout + ":a:1"));
        var empty = artifact.Blobs.Single(b => b.Value.Length == 0).Key;
        File.Delete(_folder["m/blobs/sha256/" + empty.Substring(7)]);
        Assert.Equal(("Broken", "OciBlobUnknown"), await StatusAsync(Layout + ":b:1"));
    }

    [Fact]
    public async Task All_faults_of_an_image_are_told_the_platform_of_a_manifest_too()
    {
        await Carry.SucceedAsync(Name, Layout + ":a:1");
        var child = _image.For(TestPlatform.WindowsAmd64);
        File.Delete(_folder["m/blobs/sha256/" + child.Digest.Substring(7)]);
        var other = _image.For(TestPlatform.LinuxAmd64);
        var layer = _image.Blobs.Keys.First(d => other.Text.Contains(d, StringComparison.Ordinal));
        File.Delete(_folder["m/blobs/sha256/" + layer.Substring(7)]);

        var row = Assert.Single(await CheckAsync(Layout)).Row;

        Assert.Equal(("Broken", 2), (row.Status, row.Fault.Length));
        Assert.Contains($"manifest {child.Digest} (windows/amd64", row.Fault[0], StringComparison.Ordinal);
        Assert.Contains("layer " + layer, row.Fault[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_of_one_image_are_checked_one_or_all_below()
    {
        await Carry.SucceedAsync(Name, "dir:" + _folder["d/a=1"]);
        await Carry.SucceedAsync(Name, "dir:" + _folder["d/b=1"]);
        File.Delete(_folder["d/b=1/" + _image.Blobs.Keys.First().Substring(7)]);

        Assert.Equal(["Whole", "Broken"], (await CheckAsync("dir:" + _folder["d"])).Select(r => r.Row.Status));
        Assert.Equal(("Whole", (string?)null), await StatusAsync("dir:" + _folder["d/a=1"]));
    }

    [Fact]
    public async Task Files_of_no_image_are_told_and_are_no_fault()
    {
        await Carry.SucceedAsync(Name, Layout + ":a:1");
        File.WriteAllText(_folder["m/blobs/sha256/" + new string('a', 64)], "left over");
        var told = new List<string>();

        Assert.Equal("Whole", Assert.Single(await CheckAsync(Layout, null, new EngineEvents { Decision = told.AddLocked })).Row.Status);

        Assert.Contains(told, t => t.Contains("1 files with 9 bytes belong to no image", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_path_is_told_by_what_lies_there()
    {
        await Carry.SucceedAsync(Name, Layout + ":a:1");
        await Carry.SucceedAsync(Name, "dir:" + _folder["d/a=1"]);
        await Carry.SucceedAsync(Name, $"oci-archive:{_folder["o.tar"]}:a:1");
        await Carry.SucceedAsync(Name, $"docker-archive:{_folder["d.tar"]}:a:1");
        File.WriteAllBytes(_folder["d.tar.gz"], Conversion.Convert.Gzip(File.ReadAllBytes(_folder["d.tar"])));
        File.WriteAllText(_folder["text"], "no archive");
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Layout, Assert.Single(await engine.LocatePathAsync(_folder["m"])).ToString());
        Assert.Equal("dir:" + _folder["d"], Assert.Single(await engine.LocatePathAsync(_folder["d"])).ToString());
        Assert.Equal("oci-archive:" + _folder["o.tar"], Assert.Single(await engine.LocatePathAsync(_folder["o.tar"])).ToString());
        Assert.Equal("docker-archive:" + _folder["d.tar"], Assert.Single(await engine.LocatePathAsync(_folder["d.tar"])).ToString());
        Assert.Equal("docker-archive:" + _folder["d.tar.gz"], Assert.Single(await engine.LocatePathAsync(_folder["d.tar.gz"])).ToString());
        Assert.Equal(OciErrorKind.ManifestUnknown, (await Assert.ThrowsAsync<OciException>(() => engine.LocatePathAsync(_folder["no"]))).Kind);
        Assert.Equal(OciErrorKind.ArchiveInvalid, (await Assert.ThrowsAsync<OciException>(() => engine.LocatePathAsync(_folder["text"]))).Kind);
    }

    internal static async Task<IReadOnlyList<(OciImageCheck Row, OciException? Failure)>> CheckAsync(
        string text, CheckOptions? options = null, EngineEvents? events = null)
    {
        using var engine = Run.Engine(events: events);
        var rows = new List<(OciImageCheck, OciException?)>();
        await engine.CheckAsync(
            ImageLocation.Parse(text),
            options ?? new CheckOptions(),
            (row, failure) =>
            {
                rows.Add((row, failure));
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        return rows;
    }

    private static async Task<(string Status, string? ErrorId)> StatusAsync(string text)
    {
        var row = Assert.Single(await CheckAsync(text)).Row;
        return (row.Status, row.ErrorId);
    }
}
