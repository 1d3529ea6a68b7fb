using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>A process that is killed while it writes leaves what can be read, and the next run finishes the work.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private const int Images = 16;

    private readonly int _seed = Moments.Seed;
    private readonly TempFolder _folder = new();
    private EmbeddedRegistry _source = null!;

    public async ValueTask InitializeAsync()
    {
        _source = await EmbeddedRegistry.StartAsync(new RegistryOptions { BytesPerSecond = 8_000_000 });
        for (var i = 0; i < Images; i++)
        {
            var spec = new ImageSpec
            {
                Seed = 100 * i,
                LayerSize = 120_000,
                Content = LayerContent.Random,
                Platforms = i % 4 == 0 ? [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] : [TestPlatform.LinuxAmd64]
            };
            await _source.AddAsync("app", ImageFactory.Create(spec), $"{i}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Folders_can_be_read_after_each_kill_and_the_next_run_completes_them()
    {
        var moments = new Moments(_seed);
        var (layout, folders) = (_folder["layout"], _folder["dirs"]);
        var commands = $"Sync-OciImage -Source '{_source.Address}/app' -AllTags -Destination 'oci:{layout}', 'dir:{folders}'";
        var struck = 0;
        for (var i = 0; i < Moments.Count(6); i++)
        {
            using (var run = HostRun.Start(commands))
            {
                await moments.WaitAsync(_source, 90, run.Ended);
                struck += run.Ended.IsCompleted ? 0 : 1;
                await run.KillAsync();
            }

            var found = FolderWalk.Layout(layout);
            Assert.All(found, image => Assert.Equal(DigestOf(image.Key), image.Value));
            Assert.All(FolderWalk.Folders(folders), image => Assert.Equal(DigestOf(image.Key), image.Value));
            await ReadBySkopeoAsync(found.Keys.Select(name => $"oci:{layout}:{name}"), moments);
            await ReadBySkopeoAsync(FolderWalk.Folders(folders).Keys.Select(name => $"dir:{folders}/{name}"), moments);

            // Now and then all is begun anew, so that first writes are struck as well.
            if (found.Count == Images || moments.Next(4) == 0)
            {
                Delete(layout);
                Delete(folders);
            }
        }

        Assert.True(struck > 0, "Every run was done before it was killed.");
        var output = await HostRun.RunAsync($"""
            {commands} | Group-Object Status -NoElement | ForEach-Object Name
            if (@(Test-OciImage -Path '{layout}' | Where-Object Status -ne 'Whole').Count -gt 0) {'{'} 'not whole' {'}'}
            """);
        Assert.DoesNotContain("Failed", output);
        Assert.DoesNotContain("not whole", output);
        Assert.Equal(Images, FolderWalk.Layout(layout).Count);
        Assert.Equal(Images, FolderWalk.Folders(folders).Count);
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public async Task An_archive_that_was_being_replaced_is_the_old_one_or_the_new_one(string kind)
    {
        var moments = new Moments(_seed + 1);
        var file = _folder["all.tar"];
        await HostRun.RunAsync($"Copy-OciImage '{_source.Address}/app:1' '{kind}:{file}' | Out-Null");
        var old = Hash(file);
        var survived = 0;
        for (var i = 0; i < Moments.Count(3); i++)
        {
            using (var run = HostRun.Start($"Copy-OciImage '{_source.Address}/app:2' '{kind}:{file}' -Force"))
            {
                await moments.WaitAsync(_source, 6, run.Ended);
                await run.KillAsync();
            }

            survived += Hash(file) == old ? 1 : 0;
            var digest = (await HostRun.RunAsync($"(Get-OciImageInfo '{kind}:{file}').Layers -join ' '")).Trim();
            Assert.Equal(2, digest.Split(' ').Length);
            if (Hash(file) != old)
            {
                await HostRun.RunAsync($"Copy-OciImage '{_source.Address}/app:1' '{kind}:{file}' -Force | Out-Null");
                Assert.Equal(old, Hash(file));
            }
        }

        Assert.True(survived > 0, "No kill came before the archive was done.");
    }

    private string? DigestOf(string name) => _source.DigestOf("app", name["app:".Length..]);

    private static string Hash(string file) => ContentDigest.Of(File.ReadAllBytes(file));

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // One of them: it verifies each blob that it copies.
    private async Task ReadBySkopeoAsync(IEnumerable<string> images, Moments moments)
    {
        var all = images.ToList();
        if (all.Count == 0 || Skopeo.WhyMissing is not null)
        {
            return;
        }

        var target = _folder["read"];
        var result = await Skopeo.RunAsync(
            ["copy", "--all", all[moments.Next(all.Count)], "dir:" + target], cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, $"seed {_seed}: {result.Error}");
        Delete(target);
    }
}
