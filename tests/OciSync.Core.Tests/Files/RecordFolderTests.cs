using OciSync.Core.Files;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;

namespace OciSync.Core.Tests.Files;

/// <summary>What runs leave for later runs, and for how long.</summary>
public sealed class RecordFolderTests : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(9);

    private readonly TempFolder _folder = new();
    private readonly List<string> _told = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_and_replaced_and_forgotten()
    {
        var records = Open();
        Assert.Null(records.Read("a"));
        records.Delete("a");
        Assert.False(Directory.Exists(_folder["s"]), "what only reads makes no folder");
        records.Write("a", [1, 2, 3]);
        records.Write("a", [4]);
        records.Write("b", [5]);
        Assert.Equal<byte>([4], Open().Read("a")!);
        records.Delete("a");
        Assert.Null(records.Read("a"));
        Assert.Equal<byte>([5], records.Read("b")!);
        Assert.Equal(OperatingSystem.IsWindows() ? default : UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(records.PathOf("b")));
    }

    [Fact]
    public void One_that_is_older_than_its_life_says_nothing_and_goes_at_the_first_write()
    {
        var records = Open();
        records.Write("old", [1]);
        records.Write("renewed", [2]);
        File.WriteAllText(_folder["s/other.txt"], "not ours");
        Assert.All(Directory.GetFiles(_folder["s"]), f => File.SetLastWriteTimeUtc(f, DateTime.UtcNow - Life - TimeSpan.FromHours(1)));
        records.Renew("renewed");

        var next = Open();
        Assert.Null(next.Read("old"));
        Assert.True(File.Exists(next.PathOf("old")), "what only reads deletes nothing");
        next.Write("new", [3]);
        Assert.Equal(
            new[] { next.PathOf("new"), next.PathOf("renewed"), _folder["s/other.txt"] }.Order(StringComparer.Ordinal),
            Directory.GetFiles(_folder["s"]).Order(StringComparer.Ordinal));
        Assert.Empty(_told);
    }

    [Fact]
    public void One_that_is_open_is_of_nobody_else()
    {
        using var open = Open().Open("a");
        Assert.Throws<IOException>(() => Open().Open("a"));
        using var other = Open().Open("b");
        Assert.NotEqual(open.Name, other.Name);
    }

    private RecordFolder Open() => RecordFolder.Below(_folder.Path, "s", Life, TimeProvider.System, _told.AddLocked)!;

    private static UnixFileMode ModeOf(string file) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file);
}
