using System.Diagnostics;
using OciSync.Core.Flow;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Flow;

public sealed class BandwidthPaceTests
{
    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(1024 * 1024)]
    [InlineData(100 * 1024 * 1024)]
    public async Task Bytes_take_the_time_they_may_take_within_a_tenth(long limit)
    {
        var time = new LeapingTime();
        var pace = new BandwidthPace(limit, time);
        var total = 0L;
        while (total < limit * 3)
        {
            await pace.TakeAsync(pace.Step, TestContext.Current.CancellationToken);
            total += pace.Step;
        }

        Assert.InRange(time.Elapsed.TotalSeconds / (total / (double)limit), 0.9, 1.1);
    }

    [Fact]
    public async Task What_was_not_used_is_not_made_up_for()
    {
        var time = new LeapingTime();
        var pace = new BandwidthPace(1000_000, time);
        time.Advance(TimeSpan.FromMinutes(10));
        var begin = time.Elapsed;

        for (var i = 0; i < 100; i++)
        {
            await pace.TakeAsync(20_000, TestContext.Current.CancellationToken);
        }

        Assert.InRange((time.Elapsed - begin).TotalSeconds, 1.8, 2.1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_keeps_to_the_limit_in_each_direction(bool isUpload)
    {
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Layers = 4, LayerSize = 100_000 });
        await registry.AddAsync("a", image, "1");
        await Carry.SucceedAsync($"{registry.Address}/a:1", $"oci:{folder["m"]}:a:1");
        var request = isUpload
            ? Carry.Request($"oci:{folder["m"]}:a:1", $"{registry.Address}/b:1")
            : Carry.Request($"{registry.Address}/a:1", $"oci:{folder["n"]}:a:1");
        var bytes = image.Blobs.Values.Sum(b => (long)b.Length);
        var clock = Stopwatch.StartNew();

        var rows = await Run.SyncAsync(request, Run.Quick with { BandwidthLimit = bytes });

        Assert.Equal(("Copied", bytes), (rows[0].Row.Status, rows[0].Row.BytesCopied));

        // A lower bound, which no load of the machine breaks; that it isn't slower than it may be is said above, by a clock of its own.
        Assert.True(clock.Elapsed >= TimeSpan.FromSeconds(0.85), clock.Elapsed.ToString());
    }

    // Whoever waits is there at once.
    private sealed class LeapingTime : TimeProvider
    {
        private long _now;

        internal TimeSpan Elapsed => TimeSpan.FromTicks(_now);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Advance(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }

        internal void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
