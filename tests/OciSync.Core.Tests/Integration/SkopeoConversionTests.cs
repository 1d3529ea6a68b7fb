using OciSync.Core.Conversion;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>What OciSync converts, skopeo reads as the same image; and the other way round.</summary>
public sealed class SkopeoConversionTests
{
    [Theory]
    [InlineData("docker", "Oci", null)]
    [InlineData("index", "Docker", null)]
    [InlineData("single", null, "Zstd")]
    [InlineData("docker", null, "Zstd")]
    [InlineData("zstd", "Docker", null)]
    [InlineData("single", null, "None")]
    public async Task Skopeo_reads_what_we_converted_with_the_same_config(string kind, string? format, string? compression)
    {
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var middle = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", WholeImageTests.Make(kind), "1");
        var options = new ConversionOptions
        {
            Format = format is null ? null : Enum.Parse<ImageFormat>(format),
            Compression = compression is null ? null : Enum.Parse<Core.Conversion.LayerCompression>(compression),
        };

        var row = await Conversion.Convert.SucceedAsync($"{source.Address}/a:1", $"{middle.Address}/b:1", options);

        (await SkopeoAsync(
            "copy", "--all", "--preserve-digests", "--src-tls-verify=false", $"docker://{middle.Address}/b:1", "dir:" + folder["d"])).Succeeded();
        Assert.Equal(row.Digest, Carry.Tree(folder["d"])["manifest.json"]);
        var before = await SkopeoAsync("inspect", "--config", "--tls-verify=false", $"docker://{source.Address}/a:1");
        var after = await SkopeoAsync("inspect", "--config", "--tls-verify=false", $"docker://{middle.Address}/b:1");
        Assert.Equal(before.Succeeded(), after.Succeeded());
    }

    [Theory]
    [InlineData("docker", "oci")]
    [InlineData("single", "v2s2")]
    public async Task We_read_what_skopeo_converted(string kind, string format)
    {
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var middle = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", WholeImageTests.Make(kind), "1");
        (await SkopeoAsync(
            "copy",
            "--all",
            "--format",
            format,
            "--src-tls-verify=false",
            "--dest-tls-verify=false",
            $"docker://{source.Address}/a:1",
            $"docker://{middle.Address}/b:1"))
            .Succeeded();

        var row = await Conversion.Convert.SucceedAsync(
            $"{middle.Address}/b:1",
            "dir:" + folder["d"],
            new ConversionOptions { PreserveDigest = true, Format = format == "oci" ? ImageFormat.Oci : ImageFormat.Docker });

        Assert.Equal(middle.DigestOf("b", "1"), row.Digest);
    }

    private static Task<ProcessResult> SkopeoAsync(params string[] arguments) => Skopeo.RunAsync(arguments, null, TestContext.Current.CancellationToken);
}
