using OciSync.Core.Conversion;
using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Syncing;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using LayerCompression = OciSync.Core.Conversion.LayerCompression;

namespace OciSync.Core.Tests.Conversion;

public sealed class FormatTests
{
    [Fact]
    public async Task Images_of_one_run_have_formats_of_their_own_and_their_rows_make_the_same_again()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        var pair = Run.Request([$"{source.Address}/a:1"], destination.Address).Pairs[0];
        var request = new SyncRequest
        {
            Pairs =
            [
                pair,
                pair with
                {
                    Destination = ImageLocation.Parse($"{destination.Address}/docker:1"),
                    Conversion = new ConversionOptions { Format = ImageFormat.Docker }
                },
                pair with
                {
                    Destination = ImageLocation.Parse($"{destination.Address}/zstd:1"),
                    Conversion = new ConversionOptions { Compression = LayerCompression.Zstd }
                },
            ],
        };

        var plan = await Run.SyncAsync(request with { IsReadOnly = true });
        var rows = await Run.SyncAsync(new SyncRequest
        {
            Pairs = plan.Select(p => pair with
            {
                Destination = ImageLocation.Parse(p.Row.Destination),
                Digest = Digest.Parse(p.Row.Digest!),
                Conversion = p.Row.Selection is null ? null : RowSelection.Parse(p.Row.Selection).Conversion,
            }).ToList(),
        });

        Assert.Equal(["Copied", "Copied", "Copied"], rows.Statuses());
        Assert.Equal(3, rows.Select(r => r.Row.Digest).Distinct().Count());
        Assert.Equal(["UpToDate", "UpToDate", "UpToDate"], (await Run.SyncAsync(request)).Statuses());
        var clash = request with { Conversion = new ConversionOptions { Compression = LayerCompression.Zstd } };
        Assert.Equal(OciErrorKind.ChoiceInvalid, (await Assert.ThrowsAsync<OciException>(() => Run.SyncAsync(clash))).Kind);
    }

    [Theory]
    [InlineData("docker", ImageFormat.Oci)]
    [InlineData("index", ImageFormat.Docker)]
    [InlineData("single", ImageFormat.Docker)]
    public async Task An_image_is_converted_as_a_whole_and_the_row_says_so(string kind, ImageFormat format)
    {
        var image = WholeImageTests.Make(kind);
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", image, "1");
        var options = new ConversionOptions { Format = format };

        var row = await Convert.SucceedAsync($"{source.Address}/a:1", $"{destination.Address}/b:1", options);

        Assert.Equal(("Copied", image.Digest), (row.Status, row.SourceDigest));
        Assert.NotEqual(image.Digest, row.Digest);
        Assert.StartsWith($"converted to {(format == ImageFormat.Oci ? "OCI" : "Docker")} format", row.Reason);
        using var reader = new RawRegistryReader(destination.BaseUri);
        var found = await reader.VerifyAsync("b", "1", TestContext.Current.CancellationToken);
        Assert.Equal(row.Digest, found[0]);
        var other = format == ImageFormat.Oci ? "docker" : "oci";
        foreach (var digest in found.Where(d => destination.HasManifest("b", d)))
        {
            Assert.DoesNotContain(
                $"application/vnd.{other}",
                System.Text.Encoding.UTF8.GetString((await reader.GetManifestAsync("b", digest, TestContext.Current.CancellationToken)).Bytes));
        }

        // Configs and layers are the same bytes.
        Assert.All(image.Blobs.Keys, b => Assert.Contains(b, found));
        var again = await Convert.SucceedAsync($"{source.Address}/a:1", $"{destination.Address}/b:1", options);
        Assert.Equal(("UpToDate", row.Digest, 0L), (again.Status, again.Digest, again.BytesCopied));
    }

    [Fact]
    public async Task An_image_of_the_format_asked_for_stays_byte_for_byte()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = WholeImageTests.Make("attested");
        await source.AddAsync("a", image, "1");

        var row = await Convert.SucceedAsync($"{source.Address}/a:1", $"{destination.Address}/b:1", Convert.ToOci with { PreserveDigest = true });

        Assert.Equal((image.Digest, null), (row.Digest, row.Reason));
    }

    [Fact]
    public async Task Attestations_are_no_images_of_docker_and_can_be_left_out()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", WholeImageTests.Make("attested"), "1");
        var request = Carry.Request($"{source.Address}/a:1", $"{destination.Address}/b:1") with { Conversion = Convert.ToDocker };

        var refused = await Run.OneAsync(request);
        var row = await Run.OneAsync(request with { Selection = new ImageSelection { ExcludeAttestation = true } });

        Assert.Equal(("Failed", "OciNotConvertible"), (refused.Status, refused.ErrorId));
        Assert.Contains("-ExcludeAttestation", refused.Error);
        Assert.Equal("Copied", row.Status);
    }

    [Fact]
    public async Task An_attestation_speaks_of_the_image_as_it_is_after_the_conversion()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", WholeImageTests.Make("attested"), "1");

        await Convert.SucceedAsync($"{source.Address}/a:1", $"{destination.Address}/b:1", Convert.ToZstd);

        using var reader = new RawRegistryReader(destination.BaseUri);
        var root = await reader.GetManifestAsync("b", "1", TestContext.Current.CancellationToken);
        var index = Convert.Read(root.Bytes, root.MediaType);
        var images = index.Children.Where(c => !c.IsAttestation).Select(c => c.Digest.ToString()).ToList();
        Assert.Equal(images.Order(), index.Children.Where(c => c.IsAttestation).Select(c => c.Annotations["vnd.docker.reference.digest"]).Order());
    }

    [Theory]
    [InlineData("format")]
    [InlineData("compression")]
    [InlineData("platform")]
    [InlineData("attestation")]
    public async Task Digests_are_preserved_or_nothing_is_copied(string change)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", WholeImageTests.Make("attested"), "1");
        var request = Carry.Request($"{source.Address}/a:1", $"{destination.Address}/b:1") with
        {
            Conversion = new ConversionOptions
            {
                PreserveDigest = true,
                Format = change == "format" ? ImageFormat.Docker : null,
                Compression = change == "compression" ? LayerCompression.Zstd : null,
            },
            Selection = change switch
            {
                "platform" => Run.Only("linux/amd64"),
                "attestation" or "format" => new ImageSelection { ExcludeAttestation = true },
                _ => ImageSelection.All,
            },
        };

        var row = await Run.OneAsync(request);

        Assert.Equal(("Failed", "OciDigestNotPreserved"), (row.Status, row.ErrorId));
        Assert.Empty(destination.TagsOf("b"));
        Assert.Equal(
            "Copied",
            (await Run.OneAsync(request with { Conversion = new ConversionOptions { PreserveDigest = true }, Selection = ImageSelection.All })).Status);
    }

    // skopeo's TestCopyAllWithManifestListConverge and round trips: every way to a place ends with the same files there.
    [Fact]
    public async Task Ways_through_registries_layouts_and_folders_converge()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var middle = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", WholeImageTests.Make("docker"), "1");

        await Convert.SucceedAsync($"{source.Address}/a:1", $"oci:{folder["oci1"]}:a:1", Convert.ToOci);
        await Convert.SucceedAsync($"oci:{folder["oci1"]}:a:1", $"{middle.Address}/a:1", Convert.ToDocker);
        await Convert.SucceedAsync($"{middle.Address}/a:1", $"oci:{folder["oci2"]}:a:1", Convert.ToOci);
        await Convert.SucceedAsync($"oci:{folder["oci2"]}:a:1", "dir:" + folder["dir1"], ConversionOptions.None);
        await Convert.SucceedAsync("dir:" + folder["dir1"], $"oci:{folder["oci3"]}:a:1", ConversionOptions.None);
        await Convert.SucceedAsync($"{source.Address}/a:1", "dir:" + folder["dir2"], Convert.ToOci);

        Assert.Equal(Carry.Tree(folder["oci1"]), Carry.Tree(folder["oci2"]));
        Assert.Equal(Carry.Tree(folder["oci1"]), Carry.Tree(folder["oci3"]));
        Assert.Equal(Carry.Tree(folder["dir1"]), Carry.Tree(folder["dir2"]));
    }

    [Theory]
    [InlineData("index")]
    [InlineData("zstd")]
    public async Task A_registry_that_refuses_OCI_gets_docker_and_the_others_what_it_is(string kind)
    {
        var old = new RegistryDialect { RefusedMediaTypes = [Testing.Images.MediaTypes.OciIndex, Testing.Images.MediaTypes.OciManifest] };
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var first = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = old });
        await using var second = await EmbeddedRegistry.StartAsync();
        var image = WholeImageTests.Make(kind);
        await source.AddAsync("a", image, "1");
        var request = Run.Request([$"{source.Address}/a:1"], first.Address, second.Address);

        var rows = (await Run.SyncAsync(request)).Select(o => o.Row).ToList();

        var changed = Assert.Single(rows, r => r.Destination.StartsWith(first.Address, StringComparison.Ordinal));
        Assert.True(changed.Error is null, changed.Error);
        Assert.Equal(("Copied", image.Digest), (changed.Status, changed.SourceDigest));
        Assert.StartsWith("the registry refuses OCI's manifests: converted to Docker format", changed.Reason);
        Assert.Equal(changed.Digest, first.DigestOf("a", "1"));
        Assert.Equal(image.Digest, second.DigestOf("a", "1"));
        using var reader = new RawRegistryReader(first.BaseUri);
        await reader.VerifyAsync("a", "1", TestContext.Current.CancellationToken);
        Assert.All(await Run.SyncAsync(request), o => Assert.Equal("UpToDate", o.Row.Status));

        var kept = await Run.OneAsync(
            Run.Request([$"{source.Address}/a:1"], first.Address + "/kept") with { Conversion = new ConversionOptions { PreserveDigest = true } });
        Assert.Equal(("Failed", "OciManifestRefused"), (kept.Status, kept.ErrorId));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(416)]
    public async Task A_refusal_that_is_not_of_the_type_changes_no_digest(int status)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", WholeImageTests.Make("index"), "1");
        destination.Faults.Add(
            "PUT", "/manifests/1", Testing.Registry.Faults.FaultAction.Respond(status), times: status == 408 ? Run.Quick.MaximumRetryCount + 1 : 1);

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));

        Assert.Equal(("Failed", null), (row.Status, destination.DigestOf("a", "1")));
    }
}
