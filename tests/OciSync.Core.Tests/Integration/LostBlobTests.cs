using OciSync.Core.Checking;
using OciSync.Core.Requests;
using OciSync.Core.Tests.Checking;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>A real registry whose disk lost the bytes of blobs behind its back.</summary>
public sealed class LostBlobTests
{
    private readonly TestImage _image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual });

    [Fact]
    public async Task Are_found_by_a_check_and_sent_again_when_asked()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        await using var source = await DockerRegistryProcess.StartAsync();
        await using var destination = await DockerRegistryProcess.StartAsync();
        var request = await CopyAsync(source, destination);
        File.Delete(DataOf(destination));

        Assert.Equal("UpToDate", (await Run.OneAsync(request)).Status);
        Assert.Equal(("Broken", "OciBlobUnknown"), await CheckAsync(destination));
        var row = await Run.OneAsync(request with { Verify = true });

        Assert.True(row.Error is null, row.Error);
        Assert.Equal(("Updated", "repaired: the registry had lost parts of it"), (row.Status, row.Reason));
        Assert.Equal(("Whole", null), await CheckAsync(destination));
        Assert.Equal("UpToDate", (await Run.OneAsync(request with { Verify = true })).Status);
        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(_image.Digest, (await reader.VerifyAsync("a", "1", TestContext.Current.CancellationToken))[0]);
    }

    [Fact]
    public async Task Whose_broken_file_the_registry_keeps_are_an_error_and_not_called_repaired()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        await using var source = await DockerRegistryProcess.StartAsync();
        await using var destination = await DockerRegistryProcess.StartAsync();
        var request = await CopyAsync(source, destination);
        File.WriteAllBytes(DataOf(destination), []);

        Assert.Equal(("Broken", "OciBlobUnknown"), await CheckAsync(destination));
        var row = await Run.OneAsync(request with { Verify = true });

        Assert.Equal(("Failed", "OciBlobUnknown"), (row.Status, row.ErrorId));
        Assert.Contains("keeps a broken file", row.Error, StringComparison.Ordinal);
        File.Delete(DataOf(destination));
        Assert.Equal("Updated", (await Run.OneAsync(request with { Verify = true })).Status);
        Assert.Equal(("Whole", null), await CheckAsync(destination));
    }

    private async Task<SyncRequest> CopyAsync(DockerRegistryProcess source, DockerRegistryProcess destination)
    {
        await Seeder.PushAsync(_image, source.BaseUri, "a", ["1"], null, TestContext.Current.CancellationToken);
        var request = Run.Request([$"{source.Address}/a:1"], destination.Address);
        Assert.Equal("Copied", (await Run.OneAsync(request)).Status);
        return request;
    }

    private string DataOf(DockerRegistryProcess registry)
    {
        var hex = _image.Blobs.OrderByDescending(b => b.Value.Length).First().Key.Substring(7);
        return Path.Combine(registry.DataPath, "docker/registry/v2/blobs/sha256", hex.Substring(0, 2), hex, "data");
    }

    private static async Task<(string Status, string? ErrorId)> CheckAsync(DockerRegistryProcess registry)
    {
        var row = Assert.Single(await CheckTests.CheckAsync($"{registry.Address}/a:1", new CheckOptions { Full = true })).Row;
        return (row.Status, row.ErrorId);
    }
}
