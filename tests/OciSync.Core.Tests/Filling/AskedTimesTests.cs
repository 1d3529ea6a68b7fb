using Microsoft.Extensions.Time.Testing;
using OciSync.Core.Filling;
using OciSync.Core.Folders;
using OciSync.Core.References;
using OciSync.Testing;

namespace OciSync.Core.Tests.Filling;

/// <summary>What was asked for when outlives the server, by names and by digests.</summary>
public sealed class AskedTimesTests
{
    private static readonly Digest Shared = Digest.Of([1]);
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    [Fact]
    public async Task Digests_are_known_after_a_restart_and_of_one_repository_alone()
    {
        using var folder = new TempFolder();
        var before = Open(folder);
        foreach (var name in new[] { "r.test/a:1", "r.test/a:2", "r.test/ab:1", "r.test/a:3" })
        {
            before.Add(name, name.EndsWith('3') ? [Digest.Of([3])] : [Shared]);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await before.SaveAsync(TestContext.Current.CancellationToken);
        var after = Open(folder);
        await after.LoadAsync();
        Assert.Equal(["r.test/a:1", "r.test/a:2", "r.test/ab:1", "r.test/a:3"], Order(after));

        after.Note(new UpstreamImage("r.test", "a"), Shared.ToString());
        Assert.Equal(["r.test/ab:1", "r.test/a:3", "r.test/a:1", "r.test/a:2"], Order(after));

        after.Remove("r.test/a:1");
        _time.Advance(TimeSpan.FromSeconds(1));
        after.Note(new UpstreamImage("r.test", "a"), Shared.ToString());
        after.Note(new UpstreamImage("r.test", "a"), "3");
        Assert.Equal(["r.test/ab:1", "r.test/a:2", "r.test/a:3"], Order(after));
    }

    // A tag that points to another image has that one's digests.
    [Fact]
    public void An_image_that_came_anew_is_asked_for_by_its_own_digests()
    {
        using var folder = new TempFolder();
        var times = Open(folder);
        times.Add("r.test/a:1", [Shared]);
        times.Add("r.test/a:1", [Digest.Of([2])]);
        times.Add("r.test/a:2", []);
        _time.Advance(TimeSpan.FromSeconds(1));
        times.Note(new UpstreamImage("r.test", "a"), Shared.ToString());
        Assert.Equal(["r.test/a:1", "r.test/a:2"], Order(times));
        times.Note(new UpstreamImage("r.test", "a"), Digest.Of([2]).ToString());
        Assert.Equal(["r.test/a:2", "r.test/a:1"], Order(times));
    }

    [Theory]
    [InlineData("""{"r.test/a:1": "2026-01-02T00:00:00Z", "r.test/a:2": {"at": "2026-01-01T00:00:00Z", "manifests": []}}""", 2)]
    [InlineData("""{"r.test/a:1": {"at": null}}""", 0)]
    [InlineData("""{"r.test/a:1": {"at": "2026-01-01T00:00:00Z", "manifests": [null]}}""", 0)]
    [InlineData("[]", 0)]
    [InlineData("{", 0)]
    public async Task A_file_of_names_and_times_is_read_and_one_that_can_not_be_read_is_none(string text, int images)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder[AskedTimes.FileName], text, TestContext.Current.CancellationToken);
        var times = Open(folder);
        await times.LoadAsync();
        Assert.Equal(images, times.Names.Count);
        Assert.Equal(images == 0 ? null : "r.test/a:2", times.FindOldest([]));
    }

    private AskedTimes Open(TempFolder folder) => new(new FolderFiles(folder.Path), _time);

    private static List<string> Order(AskedTimes times)
    {
        var order = new List<string>();
        while (times.FindOldest(order) is { } oldest)
        {
            order.Add(oldest);
        }

        return order;
    }
}
