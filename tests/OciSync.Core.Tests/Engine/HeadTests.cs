using OciSync.Core.References;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

/// <summary>A HEAD that proxies and registries don't answer as they should: GET has the last word.</summary>
public sealed class HeadTests
{
    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(403)]
    [InlineData(501)]
    public async Task What_get_serves_is_there_whatever_head_says(int status)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        source.Faults.Add("HEAD", "/manifests/", FaultAction.Respond(status), times: 1000);

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));

        Assert.Equal(("Copied", image.Root.Digest, 0), (row.Status, row.Digest, row.RetryCount));
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(
            image.Root.Digest, await engine.FindDigestAsync(ImageLocation.Parse($"{source.Address}/a:1"), null, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true, "Copied")]
    [InlineData(false, "UpToDate")]
    public async Task A_destination_is_asked_again_only_where_no_registry_spoke(bool json, string status)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        await destination.AddAsync("a", image, "1");
        var page = FaultAction.Respond(404) with { Body = "<html>Not Found</html>", ContentType = json ? "application/json" : "text/html" };
        destination.Faults.Add("HEAD", "/manifests/", page);

        Assert.Equal(status, (await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address))).Status);
    }

    [Theory]
    [InlineData(405)]
    [InlineData(403)]
    public async Task A_blob_whose_head_is_refused_is_looked_at_by_its_first_byte(int status)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "2");
        await destination.AddAsync("a", image, "1");
        destination.Faults.Add("HEAD", "/blobs/", FaultAction.Respond(status), times: 1000);

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:2"], destination.Address));

        Assert.Equal(("Copied", 0L), (row.Status, row.BytesCopied));
    }
}
