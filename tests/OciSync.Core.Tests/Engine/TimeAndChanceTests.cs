using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Rows;
using OciSync.Core.Tracing;
using OciSync.Core.Uploads;
using OciSync.Testing;

namespace OciSync.Core.Tests.Engine;

/// <summary>Time and chance come from the options of a run, and chance may be asked for by all its threads.</summary>
public sealed class TimeAndChanceTests
{
    private static readonly DateTimeOffset Moment = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly EngineOptions _options = new() { Time = new FakeTimeProvider(Moment) };

    [Fact]
    public void The_generator_is_asked_by_one_thread_at_a_time()
    {
        var inside = 0;
        var met = 0;
        var chance = new Chance(() =>
        {
            Interlocked.Add(ref met, Interlocked.Increment(ref inside) - 1);
            Thread.SpinWait(50);
            Interlocked.Decrement(ref inside);
            return 0.5;
        });
        using var start = new Barrier(4);
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            start.SignalAndWait(TestContext.Current.CancellationToken);
            for (var i = 0; i < 20_000; i++)
            {
                chance.Next();
            }
        })).ToList();

        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());

        Assert.Equal(0, met);
    }

    [Fact]
    public async Task Waits_of_all_threads_stay_different()
    {
        var jitter = new EngineOptions().Jitter;

        var drawn = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 10_000).Select(_ => jitter()).ToList())));

        Assert.All(drawn.SelectMany(d => d), d => Assert.InRange(d, 0, 1));
        Assert.All(drawn, d => Assert.True(d.Skip(9_000).Distinct().Count() > 900));
        Assert.Same(jitter.Target, new EngineOptions().Jitter.Target);
    }

    [Fact]
    public void A_row_of_what_could_not_be_tried_has_the_time_of_the_run()
    {
        Assert.Equal(Moment, OciSyncResult.Failed("a", "b", new FormatException("x"), _options).StartTime);
        Assert.Equal(Moment, OciSyncResult.Skipped("a", "b", "x", _options).StartTime);
    }

    [Fact]
    public void A_trace_has_the_time_of_the_run()
    {
        using var folder = new TempFolder();
        using (var trace = new TraceFile(folder["t"], "Test", _options))
        {
            trace.Note("decision", "x");
        }

        var times = File.ReadAllLines(folder["t"]).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("time").GetDateTimeOffset());
        Assert.Equal([Moment, Moment], times);
    }

    [Fact]
    public void Records_of_uploads_grow_old_by_the_time_of_the_run()
    {
        using var folder = new TempFolder();
        var uploads = Directory.CreateDirectory(folder["uploads"]).FullName;
        Write("old.json", Moment.AddDays(-8));
        Write("young.json", Moment.AddDays(-6));

        using var record = new UploadRecords(folder.Path, _options.Time, EngineEvents.None)
            .Open("r.test/a", new Descriptor("x/y", Digest.Of(Encoding.UTF8.GetBytes("x"), "sha256"), 1));

        Assert.False(File.Exists(Path.Combine(uploads, "old.json")));
        Assert.True(File.Exists(Path.Combine(uploads, "young.json")));

        void Write(string name, DateTimeOffset time)
        {
            File.WriteAllText(Path.Combine(uploads, name), time.ToString("o", CultureInfo.InvariantCulture));
            File.SetLastWriteTimeUtc(Path.Combine(uploads, name), time.UtcDateTime);
        }
    }
}
