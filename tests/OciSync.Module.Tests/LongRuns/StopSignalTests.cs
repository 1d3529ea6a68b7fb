using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>Ctrl+C at any moment: the process ends soon, no upload stays open, and nothing is shown that isn't whole.</summary>
public sealed class StopSignalTests
{
    [Fact]
    public async Task Ctrl_c_at_random_moments_leaves_nothing_open_and_nothing_half_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent by kill.");
        var moments = new Moments(Moments.Seed + 2);
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await source.AddAsync("app", ImageFactory.Create(new ImageSpec { Seed = 100 * i, LayerSize = 150_000, Content = LayerContent.Random }), $"{i}");
        }

        var stopped = 0;
        for (var i = 0; i < Moments.Count(8); i++)
        {
            await using var destination = await EmbeddedRegistry.StartAsync(new RegistryOptions { BytesPerSecond = 4_000_000 });
            var layout = folder[$"{i}"];
            using var run = HostRun.Start(
                $"Sync-OciImage -Source '{source.Address}/app' -AllTags -Destination '{destination.Address}/m', 'oci:{layout}' -StatePath '{folder["state"]}' "
                + "-ResumeThreshold 100000");
            await moments.WaitAsync(destination, 150, run.Ended);
            stopped += run.Ended.IsCompleted ? 0 : 1;
            var seconds = await run.StopAsync();

            Assert.True(seconds < 4, $"seed {Moments.Seed}, moment {i}: it took {seconds} s.");
            await destination.Requests.WaitForIdleAsync();
            var (_, errors) = await run.TextAsync();
            Assert.True(
                destination.OpenUploads == 0, $"seed {Moments.Seed}, moment {i}: {destination.OpenUploads} uploads are open. {errors}\n{Uploads(destination)}");
            using var reader = new RawRegistryReader(destination.BaseUri);
            foreach (var tag in destination.TagsOf("m/app"))
            {
                Assert.Equal(source.DigestOf("app", tag), (await reader.VerifyAsync("m/app", tag, TestContext.Current.CancellationToken))[0]);
            }

            Assert.All(FolderWalk.Layout(layout), image => Assert.Equal(source.DigestOf("app", image.Key["app:".Length..]), image.Value));
            Assert.Empty(Directory.Exists(layout) ? Directory.GetFiles(layout, "*.tmp", SearchOption.AllDirectories) : []);
            Assert.Empty(Directory.Exists(folder["state"]) ? Directory.GetFiles(folder["state"], "*.json", SearchOption.AllDirectories) : []);
        }

        Assert.True(stopped > 0, "Every run was done before it was told to stop.");
    }

    private static string Uploads(EmbeddedRegistry registry) => string.Join('\n', registry.Requests.Where(null, "/uploads/").TakeLast(30));
}
