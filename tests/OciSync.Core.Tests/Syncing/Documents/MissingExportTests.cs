using System.Text;
using OciSync.Core.Engine;
using OciSync.Core.SyncFiles;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Syncing.Documents;

/// <summary>Files that are written although some of what they are made from does not exist: sync-image's own configuration is one.</summary>
public sealed class MissingExportTests : IDisposable
{
    private static readonly string[] Gone =
        ["quay.io/csiaddons/volumereplication-operator", "k8s.gcr.io/conformance", "docker.io/serialt/alma", "docker.io/rancher/mirrored-flannelcni-flanne"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(404, "NAME_UNKNOWN")]
    [InlineData(401, "UNAUTHORIZED")]
    public async Task The_file_of_sync_image_is_written_without_what_is_gone_and_says_so(int status, string code)
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var file = await ServeAsync(registry, status, code);
        var export = Add(file, skipMissing: true);

        var failed = await ResolveAsync(export, pin: false);

        Assert.Empty(failed);
        Assert.Equal(Gone.Order(StringComparer.Ordinal), export.LeftOut.Where(l => l.Failure is not null).Select(l => l.Reference));
        Assert.Equal(
            ["registry.k8s.io/metrics-server/metrics-server:1.0.0", "docker.io/flannel/flannel:1.0.0"],
            export.LeftOut.Where(l => l.Failure is null).Select(l => l.Reference));
        Assert.Equal(file.Entries.Count - Gone.Length - 2, export.Count);
        foreach (var format in new[] { SyncFileFormat.Skopeo, SyncFileFormat.OciSync })
        {
            var text = export.Write(format);
            Assert.All(Gone, g => Assert.Contains("#   " + g, text, StringComparison.Ordinal));
            Assert.Equal(export.Count, SyncFile.Parse("x", text, _ => null).Require().Entries.Count);
        }
    }

    [Fact]
    public async Task Without_a_word_none_of_it_is_left_out_and_the_way_on_is_known()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var export = Add(await ServeAsync(registry, 404, "NAME_UNKNOWN"), skipMissing: false);
        Assert.Equal(Gone.Order(StringComparer.Ordinal), (await ResolveAsync(export, pin: false)).Select(f => f.Reference));
        Assert.True(export.WouldSkip);
        Assert.DoesNotContain(export.LeftOut, l => l.Failure is not null);
    }

    [Fact]
    public async Task What_is_known_to_be_missing_needs_no_word()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var known = "knownMissing: [" + string.Join(", ", Gone) + "]\n";
        var export = Add(await ServeAsync(registry, 401, "UNAUTHORIZED", known), skipMissing: false);
        Assert.Empty(await ResolveAsync(export, pin: false));
        Assert.Equal(Gone.Length, export.LeftOut.Count(l => l.Failure is not null));
    }

    [Fact]
    public async Task A_lock_file_has_both_of_two_images_with_one_name()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var export = Add(await ServeAsync(registry, 404, "NAME_UNKNOWN"), skipMissing: true);
        await ResolveAsync(export, pin: true);
        Assert.Equal(73 - Gone.Length, export.Count);
    }

    [Fact]
    public async Task A_registry_that_refuses_all_is_not_one_where_all_is_missing()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        registry.Faults.Add("GET", "/tags/list", FaultAction.Respond(401, "UNAUTHORIZED"), times: 100);
        var file = SyncFile.Parse("x", $"last: 1\nimages:\n  {registry.Address}: [a, b]\n", _ => null).Require();
        var export = Add(file, skipMissing: true);
        Assert.Equal(2, (await ResolveAsync(export, pin: false)).Count);
        Assert.False(export.WouldSkip);
    }

    [Fact]
    public async Task A_tag_that_is_gone_is_left_out_of_a_lock_file()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        var export = new SyncExport { SkipMissing = true };
        export.Add(registry.Address + "/a:1", null, null, null);
        export.Add(registry.Address + "/a:2", null, null, null);
        Assert.Empty(await ResolveAsync(export, pin: true));
        Assert.Equal((1, registry.Address + "/a:2"), (export.Count, Assert.Single(export.LeftOut).Reference));
    }

    private static SyncExport Add(SyncFile file, bool skipMissing)
    {
        var export = new SyncExport { SkipMissing = skipMissing };
        file.Entries.ToList().ForEach(export.Add);
        return export;
    }

    private async Task<IReadOnlyList<LeftOutSource>> ResolveAsync(SyncExport export, bool pin)
    {
        using var engine = Run.Engine(
            Run.Quick with { RegistriesConfigPath = File.Exists(_folder["r.conf"]) ? _folder["r.conf"] : null },
            cancellationToken: TestContext.Current.CancellationToken);
        return await export.ResolveAsync(engine, pin, TestContext.Current.CancellationToken);
    }

    // Each repository of the file with a tag, below the name of its registry; four of them refuse.
    private async Task<SyncFile> ServeAsync(EmbeddedRegistry registry, int status, string code, string head = "")
    {
        using var stream = typeof(MissingExportTests).Assembly.GetManifestResourceStream("sync-image-config")!;
        using var reader = new StreamReader(stream);
        var file = SyncFile.Parse("config.yaml", head + await reader.ReadToEndAsync(TestContext.Current.CancellationToken), _ => null).Require();
        var config = new StringBuilder();
        foreach (var host in file.Entries.Select(e => e.Registry).Distinct(StringComparer.Ordinal))
        {
            config.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"[[registry]]\nprefix = \"{host}\"\nlocation = \"{registry.Address}/{host}\"\ninsecure = true\n");
        }

        await File.WriteAllTextAsync(_folder["r.conf"], config.ToString(), TestContext.Current.CancellationToken);
        var image = ImageFactory.Create();
        foreach (var entry in file.Entries)
        {
            if (Gone.Contains(entry.Reference))
            {
                registry.Faults.Add("GET", $"/{entry.Reference}/tags/list", FaultAction.Respond(status, code), times: 100);
            }
            else
            {
                await registry.AddAsync(entry.Reference, image, "1.0.0");
            }
        }

        Assert.Equal(73, file.Entries.Count);
        return file;
    }
}
