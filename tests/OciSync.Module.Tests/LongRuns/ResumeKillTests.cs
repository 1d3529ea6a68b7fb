using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Servers;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>A large upload to a real docker-registry whose process is killed between two of its parts.</summary>
public sealed class ResumeKillTests
{
    private const long Size = 320L * 1024 * 1024;

    [Fact]
    public async Task An_upload_killed_at_sixty_percent_sends_the_rest_alone()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var real = await DockerRegistryProcess.StartAsync(accessLog: false);
        var image = await source.AddSyntheticImageAsync("a", "1", Size);

        // The fourth part of five never gets through.
        var patches = 0;
        var bytes = 0L;
        var fourth = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var proxy = await FaultProxy.StartAsync(real.BaseUri, request =>
        {
            if (request.Method != "PATCH")
            {
                return null;
            }

            Interlocked.Add(ref bytes, request.ContentLength ?? 0);
            if (Interlocked.Increment(ref patches) != 4)
            {
                return null;
            }

            fourth.TrySetResult();
            return new Fault { Action = FaultAction.StallBeforeHeaders() };
        });
        var copy = $"Copy-OciImage '{source.Address}/a:1' '{proxy.Address}/a:1' -StatePath '{folder["state"]}'";
        using (var run = HostRun.Start(copy))
        {
            await fourth.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            await run.KillAsync();
        }

        Interlocked.Exchange(ref bytes, 0);
        var output = await HostRun.RunAsync(copy + " | ForEach-Object { \"$($_.Status) $($_.BytesCopied)\" }");

        Assert.StartsWith("Copied ", output);
        Assert.InRange(Interlocked.Read(ref bytes), 1, Size / 2);
        using var reader = new RawRegistryReader(real.BaseUri);
        Assert.Equal(image.Digest, (await reader.GetManifestAsync("a", "1", TestContext.Current.CancellationToken)).Digest);
    }
}
