using System.Text;
using OciSync.Core.AuthFiles;
using OciSync.Core.Files;
using OciSync.Core.Folders;
using OciSync.Core.Polyfills;
using OciSync.Testing;

namespace OciSync.Core.Tests.Files;

/// <summary>A folder in the way refuses access as a file does on Windows that was deleted and is still open somewhere.</summary>
public sealed class LockFileTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Refused_access_is_waited_for_and_the_login_is_stored()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["auth.json.lock"]);

        var change = AuthFileWriter.ChangeAsync(folder["auth.json"], _ => Encoding.ASCII.GetBytes("{}"), TestContext.Current.CancellationToken);
        Assert.False(change.IsCompleted);
        Directory.Delete(folder["auth.json.lock"]);

        Assert.True(await change);
    }

    [Fact]
    public async Task Refused_access_to_a_layouts_lock_is_waited_for()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder[".ocisync-lock"]);

        var taken = FolderLock.TakeAsync(new FolderFiles(folder.Path), TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.False(taken.IsCompleted);
        Directory.Delete(folder[".ocisync-lock"]);

        (await taken).Dispose();
    }

    [Fact]
    public async Task A_want_of_rights_is_told_after_a_second()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["x"]);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => LockFile.OpenAsync(
            folder["x"], FileAccess.ReadWrite, FileShare.None, FileOptions.None, TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_takes_its_name_as_soon_as_its_place_lets_it()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["new"], "x");
        var target = Path.Combine(folder["later"], "x");

        var replaced = Task.Run(() => FileLinks.Replace(folder["new"], target), TestContext.Current.CancellationToken);
        await Task.Delay(Moment, TestContext.Current.CancellationToken);
        Directory.CreateDirectory(folder["later"]);
        await replaced;

        Assert.Equal("x", File.ReadAllText(target));
    }
}
