using OciSync.Core.Checking;
using OciSync.Core.Conversion;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Syncing;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

/// <summary>Some platforms of an image below its own index (<c>-KeepIndex</c>).</summary>
public sealed class KeepIndexTests
{
    private static readonly TestImage Image = ImageFactory.Create(new ImageSpec
    {
        Seed = 61,
        Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64, TestPlatform.LinuxArm7],
        Attestations = true,
    });

    private static readonly RegistryOptions Sparse = new() { Dialect = new RegistryDialect { SparseIndexes = true } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("linux/amd64")]
    [InlineData("linux/amd64", "linux/arm/v7")]
    public async Task The_index_is_there_byte_for_byte_with_these_platforms_alone(params string[] platforms)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(Sparse);
        await source.AddAsync("a", Image, "1");

        var row = await Run.OneAsync(Request(source, destination, "1", platforms));
        Assert.Equal(("Copied", Image.Digest, Image.Digest), (row.Status, row.Digest, row.SourceDigest));
        Assert.Equal(platforms, row.Platforms);
        Assert.StartsWith($"{string.Join(", ", platforms)} of linux/amd64, linux/arm64, linux/arm/v7; the index is kept", row.Reason, StringComparison.Ordinal);
        Assert.Equal(Image.Digest, destination.DigestOf("a", "1"));
        var held = Image.Manifests.Where(m => destination.HasManifest("a", m.Digest)).ToList();

        // The index, and an attestation beside each image.
        Assert.Equal(1 + (2 * platforms.Length), held.Count);
        Assert.False(destination.HasManifest("a", Image.For(TestPlatform.LinuxArm64).Digest));
    }

    [Fact]
    public async Task A_plain_run_takes_it_for_up_to_date_and_asks_nothing_more()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(Sparse);
        await source.AddAsync("a", Image, "1");
        await Run.OneAsync(Request(source, destination, "1", "linux/amd64"));
        destination.Requests.Clear();

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));
        Assert.Equal("UpToDate", row.Status);
        Assert.Equal((1, 0), (destination.Requests.Count("HEAD"), destination.Requests.Count("GET", "/a/")));
    }

    [Fact]
    public async Task The_same_run_again_is_up_to_date_and_another_platform_is_added()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(Sparse);
        await source.AddAsync("a", Image, "1");
        await Run.OneAsync(Request(source, destination, "1", "linux/amd64"));

        Assert.Equal("UpToDate", (await Run.OneAsync(Request(source, destination, "1", "linux/amd64"))).Status);
        var more = await Run.OneAsync(Request(source, destination, "1", "linux/amd64", "linux/arm64"));
        Assert.Equal(("Updated", Image.Digest), (more.Status, more.Digest));
        Assert.True(destination.HasManifest("a", Image.For(TestPlatform.LinuxArm64).Digest));
        Assert.False(destination.HasManifest("a", Image.For(TestPlatform.LinuxArm7).Digest));
    }

    [Fact]
    public async Task Verify_completes_it()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(Sparse);
        await source.AddAsync("a", Image, "1");
        await Run.OneAsync(Request(source, destination, "1", "linux/amd64"));

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address) with { Verify = true });
        Assert.Equal("Updated", row.Status);
        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(Image.Manifests.Count, (await reader.VerifyAsync("a", "1", Token)).Count(d => Image.Manifests.Any(m => m.Digest == d)));
    }

    [Fact]
    public async Task A_run_that_has_noted_it_completes_it_once()
    {
        using var state = new TempFolder();
        var options = Run.Quick with { StatePath = state["s"] };
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(Sparse);
        await source.AddAsync("a", Image, "1");
        await Run.OneAsync(Request(source, destination, "1", "linux/amd64"), options);
        Assert.Single(Directory.GetFiles(state["s/sparse"]));

        var plain = Run.Request([$"{source.Address}/a:1"], destination.Address);
        Assert.Equal("WouldUpdate", (await Run.OneAsync(plain with { IsReadOnly = true }, options)).Status);
        Assert.Equal("Updated", (await Run.OneAsync(plain, options)).Status);
        Assert.True(destination.HasManifest("a", Image.For(TestPlatform.LinuxArm64).Digest));
        Assert.Empty(Directory.GetFiles(state["s/sparse"]));
        destination.Requests.Clear();
        Assert.Equal("UpToDate", (await Run.OneAsync(plain, options)).Status);
        Assert.Equal(0, destination.Requests.Count("GET", "/a/"));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    public async Task A_registry_that_wants_every_manifest_is_asked_once(int status)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(
            new RegistryOptions { Dialect = new RegistryDialect { MissingChildStatus = status } });
        var tags = Enumerable.Range(1, 6).Select(n => $"{n}").ToList();
        foreach (var tag in tags)
        {
            await source.AddAsync("a", ImageFactory.Create(new ImageSpec
            {
                Seed = 300 + int.Parse(tag, System.Globalization.CultureInfo.InvariantCulture),
                Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64],
            }), tag);
        }

        var request = Run.Request(tags.Select(t => $"{source.Address}/a:{t}"), destination.Address) with { Selection = Keep("linux/amd64") };
        var rows = (await Run.SyncAsync(request)).Select(o => o.Row).ToList();
        Assert.All(rows, r => Assert.Equal(("Failed", "OciSparseIndexRefused"), (r.Status, r.ErrorId)));
        Assert.All(rows, r => Assert.Contains("without -KeepIndex", r.Error));
        Assert.Equal(1, tags.Sum(t => destination.Requests.Count("PUT", "/manifests/" + t)));
    }

    [Fact]
    public async Task An_index_in_the_index_stays_too()
    {
        var inner = ImageFactory.Create(new ImageSpec { Seed = 71, Platforms = [TestPlatform.LinuxArm64, TestPlatform.LinuxArm7] });
        var other = ImageFactory.Create(new ImageSpec { Seed = 72, Platforms = [TestPlatform.LinuxAmd64, TestPlatform.WindowsAmd64] });
        var image = ImageFactory.Nest(other, inner);
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(Sparse);
        await using var strict = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", image, "1");

        var row = await Run.OneAsync(Request(source, destination, "1", "linux/arm64"));
        Assert.Equal(("Copied", image.Digest), (row.Status, row.Digest));
        Assert.True(destination.HasManifest("a", inner.Digest));
        Assert.False(destination.HasManifest("a", inner.For(TestPlatform.LinuxArm7).Digest));
        Assert.Equal("OciSparseIndexRefused", (await Run.OneAsync(Request(source, strict, "1", "linux/arm64"))).ErrorId);
    }

    [Fact]
    public async Task A_layout_takes_it_and_a_check_says_what_is_absent()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", Image, "1");
        var request = Transports.Carry.Request($"{source.Address}/a:1", $"oci:{folder["l"]}:a:1") with { Selection = Keep("linux/amd64") };
        Assert.Equal(Image.Digest, (await Run.OneAsync(request)).Digest);

        using var engine = Run.Engine(cancellationToken: Token);
        OciImageCheck? check = null;
        Task Take(OciImageCheck row)
        {
            check = row;
            return Task.CompletedTask;
        }

        await engine.CheckAsync(ImageLocation.Parse($"oci:{folder["l"]}:a:1"), new CheckOptions(), (row, _) => Take(row), Token);
        Assert.Equal("Sparse", check!.Status);
        Assert.Contains(check.Fault, f => f.Contains("(linux/arm64)", StringComparison.Ordinal));
        Assert.DoesNotContain(check.Fault, f => f.Contains("(linux/amd64)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_changes_for_an_image_that_has_these_platforms_alone()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", Image, "1");

        var row = await Run.OneAsync(Request(source, destination, "1", "linux/amd64", "linux/arm64", "linux/arm/v7"));
        Assert.Equal(("Copied", null, Image.Digest), (row.Status, row.Reason, row.Digest));
    }

    [Fact]
    public async Task A_row_says_it_and_does_it_again()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync(Sparse);
        await source.AddAsync("a", Image, "1");
        var row = await Run.OneAsync(Request(source, destination, "1", "linux/amd64") with { IsReadOnly = true });
        Assert.Equal(("WouldCopy", "{ platforms: ['linux/amd64'], keepIndex: true }"), (row.Status, row.Selection));
        var read = RowSelection.Parse(row.Selection!);
        Assert.True(read.Images!.KeepIndex);
        Assert.Equal("linux/amd64", Assert.Single(read.Images.Platforms).ToString());
    }

    [Fact]
    public async Task It_goes_with_no_conversion_and_into_no_docker_archive()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", Image, "1");
        var request = Request(source, source, "1", "linux/amd64") with { Conversion = new ConversionOptions { Format = ImageFormat.Docker } };
        var failure = await Assert.ThrowsAsync<Core.Errors.OciException>(() => Run.SyncAsync(request));
        Assert.Contains("-KeepIndex", failure.Message);

        var archive = Transports.Carry.Request($"{source.Address}/a:1", $"docker-archive:{folder["a.tar"]}:a:1") with { Selection = Keep("linux/amd64") };
        Assert.Equal("OciDigestNotPreserved", (await Run.OneAsync(archive)).ErrorId);
    }

    private static ImageSelection Keep(params string[] platforms) => Run.Only(platforms) with { KeepIndex = true };

    private static SyncRequest Request(EmbeddedRegistry source, EmbeddedRegistry destination, string tag, params string[] platforms) =>
        Run.Request([$"{source.Address}/a:{tag}"], destination.Address) with { Selection = Keep(platforms) };
}
