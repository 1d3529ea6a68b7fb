using System.Text;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Hostile;

/// <summary>Indexes of indexes that are made to hurt.</summary>
public sealed class HostileTreeTests
{
    [Theory]
    [InlineData(8, "Copied")]
    [InlineData(12, "Failed")]
    public async Task Indexes_may_be_nested_so_deep_and_no_deeper(int depth, string status)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = Enumerable.Range(0, depth).Aggregate(ImageFactory.Create(), (inner, _) => ImageFactory.Nest(inner));
        await source.AddAsync("a", image, "1");
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));
        Assert.Equal((status, status == "Failed" ? "OciManifestInvalid" : null), (row.Status, row.ErrorId));
    }

    // A cycle of true digests can't be made; one is played by a server that answers every question with the same index.
    [Fact]
    public async Task A_cycle_ends_at_the_digest()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var index = ImageFactory.Nest(ImageFactory.Create());
        await source.AddAsync("a", index, "1");
        source.Faults.Add("GET", "/manifests/", new FaultAction
        {
            Kind = FaultKind.Respond, Status = 200, Body = Encoding.UTF8.GetString(index.Root.Bytes), ContentType = index.Root.MediaType,
        }, times: 1000);
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));
        Assert.Equal(("Failed", "OciDigestMismatch"), (row.Status, row.ErrorId));
        Assert.True(source.Requests.Count("GET", "/manifests/") < 10, "it is not asked for again and again");
    }

    // Children of 4 MiB each by the hundred: they are counted by what the index says, before they are read.
    [Fact]
    public async Task Manifests_of_too_many_bytes_together_are_not_read()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var entries = Enumerable.Range(0, 100).Select(
            i =>
                $$"""{"mediaType":"{{MediaTypes.OciManifest}}","digest":"sha256:{{i.ToString("x64", System.Globalization.CultureInfo.InvariantCulture)}}","size":4194304}""");
        var bytes = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{{string.Join(",", entries)}}]}""");
        source.Faults.Add("GET", "/manifests/",
            new FaultAction { Kind = FaultKind.Respond, Status = 200, Body = Encoding.UTF8.GetString(bytes), ContentType = MediaTypes.OciIndex }, times: 100);
        source.Faults.Add("HEAD", "/manifests/", FaultAction.Respond(405), times: 100);
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));
        Assert.Equal(("Failed", "OciManifestInvalid"), (row.Status, row.ErrorId));
        Assert.Contains("64 MiB", row.Error, StringComparison.Ordinal);
        Assert.Equal(0, source.Requests.Count("GET", "/manifests/sha256:00"));
    }

    [Fact]
    public async Task A_manifest_over_four_mebibytes()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        source.Faults.Add("GET", "/manifests/",
            new FaultAction { Kind = FaultKind.Respond, Status = 200, Body = new string(' ', 4_194_305), ContentType = MediaTypes.OciManifest }, times: 100);
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));
        Assert.Equal(("Failed", "OciProtocolError"), (row.Status, row.ErrorId));
        Assert.Contains("more than 4194304 bytes", row.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_child_of_another_size_than_its_descriptor_says(int more)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var child = ImageFactory.Create();
        var length = child.Root.Bytes.Length;
        var good = Encoding.UTF8.GetString(ImageFactory.Nest(child).Root.Bytes);
        var bad = good.Replace($"\"size\":{length}", $"\"size\":{length + more}", StringComparison.Ordinal);
        Assert.NotEqual(good, bad);
        await source.AddAsync("a", new TestImage([child.Root, new TestManifest(MediaTypes.OciIndex, Encoding.UTF8.GetBytes(bad))], child.Blobs), "1");
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));
        Assert.Equal(("Failed", "OciManifestInvalid"), (row.Status, row.ErrorId));
    }
}
