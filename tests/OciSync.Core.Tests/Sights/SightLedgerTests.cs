using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Sights;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;

namespace OciSync.Core.Tests.Sights;

/// <summary>The ledger of first sights: what is noted stays, whoever writes at the same time, whatever is killed and wherever the clock goes.</summary>
public sealed class SightLedgerTests : IDisposable
{
    private static readonly ImageReference Repository = ImageReference.Parse("r.test:5000/team/app");
    private static readonly Digest A = Digest.Parse("sha256:" + new string('a', 64));
    private static readonly Digest B = Digest.Parse("sha256:" + new string('b', 64));
    private readonly TempFolder _folder = new();
    private readonly MinimumAgeTests.SetTime _time = new();
    private readonly List<string> _warnings = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_sight_counts_and_a_later_run_knows_it()
    {
        var begin = _time.Now;
        await Ledger().SeeAsync(Repository, ["1"], [A], Token);
        _time.Now = begin.AddDays(2);
        var book = await Ledger().SeeAsync(Repository, ["1", "2"], [A, B], Token);
        Assert.Equal([begin, begin.AddDays(2)], [book.Find("1")!.Value, book.Find("2")!.Value]);
        Assert.Equal([begin, begin.AddDays(2)], [book.Find(A)!.Value, book.Find(B)!.Value]);
        Assert.Null(book.Find("3"));
        Assert.Null((await Ledger().SeeAsync(ImageReference.Parse("r.test/team/app"), [], [], Token)).Find("1"));
    }

    [Fact]
    public async Task Runs_at_the_same_time_both_count()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            async () =>
            {
                for (var j = 0; j < 6; j++)
                {
                    await Ledger().SeeAsync(Repository, [$"{i}.{j}"], [], Token);
                }
            },
            Token)));
        var book = await Ledger().SeeAsync(Repository, [], [], Token);
        Assert.Equal(48, book.Tags.Count);
        Assert.Single(Directory.GetFiles(_folder["first-sights"]));
    }

    [Fact]
    public async Task What_a_killed_run_has_left_of_a_file_is_removed()
    {
        await Ledger().SeeAsync(Repository, ["1"], [], Token);
        var file = Directory.GetFiles(_folder["first-sights"]).Single();
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(file)!, $".{Path.GetFileName(file)}.01234567.tmp"), "OciSync first", Token);
        Assert.NotNull((await Ledger().SeeAsync(Repository, [], [], Token)).Find("1"));
        Assert.Equal([file], Directory.GetFiles(_folder["first-sights"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("what")]
    [InlineData("OciSync first sights 1\tr.test:5000/team/app\t2026-03-01T12:00:00Z\ntag\t1\t2026-03-01T12:00:00Z\n")]
    [InlineData("OciSync first sights 1\tr.test:5000/team/app\t2026-03-01T12:00:00Z\ntag\t1\t2026-03-01T12:00:00Z\nend\t2\n")]
    [InlineData("OciSync first sights 1\tr.test:5000/team/app\t2026-03-01T12:00:00Z\ntag\t1\tyesterday\nend\t1\n")]
    [InlineData("OciSync first sights 1\tr.test:5000/team/app\t2026-03-01T12:00:00Z\ndigest\tsha256:1\t2026-03-01T12:00:00Z\nend\t1\n")]
    [InlineData("OciSync first sights 1\tother.test/app\t2026-03-01T12:00:00Z\nend\t0\n")]
    [InlineData("OciSync first sights 2\tr.test:5000/team/app\t2026-03-01T12:00:00Z\nend\t0\n")]
    public async Task A_file_that_is_not_whole_is_refused_and_stays(string text)
    {
        await Ledger().SeeAsync(Repository, ["1"], [], Token);
        var file = Directory.GetFiles(_folder["first-sights"]).Single();
        await File.WriteAllTextAsync(file, text, Token);
        var failure = await Assert.ThrowsAsync<OciException>(() => Ledger().SeeAsync(Repository, ["2"], [], Token));
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(file, Token));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_makes_nothing_older_and_is_told()
    {
        var begin = _time.Now;
        await Ledger().SeeAsync(Repository, ["1"], [], Token);
        Assert.Empty(_warnings);

        // What comes while the clock is wrong is not called older than it can be.
        _time.Now = begin.AddDays(-10);
        var ledger = Ledger();
        var book = await ledger.SeeAsync(Repository, ["2"], [], Token);
        Assert.Equal([begin, begin], [book.Find("2")!.Value, ledger.Now(book)]);
        Assert.Contains("was set back", Assert.Single(_warnings), StringComparison.Ordinal);
        _time.Now = begin.AddDays(1);
        Assert.Equal(begin, (await Ledger().SeeAsync(Repository, ["2"], [], Token)).Find("2"));
        Assert.Single(_warnings);
    }

    [Fact]
    public async Task A_clock_that_differs_a_little_is_not_told()
    {
        await Ledger().SeeAsync(Repository, ["1"], [], Token);
        _time.Now = _time.Now.AddMinutes(-4);
        await Ledger().SeeAsync(Repository, ["2"], [], Token);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_run_that_only_reads_writes_nothing_and_knows_what_it_has_seen()
    {
        var ledger = Ledger(isReadOnly: true);
        Assert.NotNull((await ledger.SeeAsync(Repository, ["1"], [A], Token)).Find("1"));
        Assert.NotNull((await ledger.SeeAsync(Repository, [], [], Token)).Find(A));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Nothing_is_noted_where_nothing_can_be_written()
    {
        await File.WriteAllTextAsync(_folder["first-sights"], "a file in the place of the folder", Token);
        var failure = await Assert.ThrowsAsync<OciException>(() => Ledger().SeeAsync(Repository, ["1"], [], Token));
        Assert.Equal(OciErrorKind.StorageFailed, failure.Kind);
    }

    private SightLedger Ledger(bool isReadOnly = false) =>
        new(_folder.Path, isReadOnly, _time, new EngineEvents { Warning = _warnings.AddLocked });
}
