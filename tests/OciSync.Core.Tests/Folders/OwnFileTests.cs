using System.Diagnostics;
using OciSync.Core.Folders;
using OciSync.Testing;

namespace OciSync.Core.Tests.Folders;

/// <summary>Files of a moment: what a process that is gone has left goes at once, what somebody is at stays.</summary>
public sealed class OwnFileTests
{
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    [Fact]
    public void What_this_process_writes_stays()
    {
        using var folder = new TempFolder();
        var path = Create(OwnFile.NameIn(folder.Path));

        Assert.False(OwnFile.IsAbandoned(path, _now));
        new FolderFiles(folder.Path).Tidy(_now);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void What_a_process_that_is_gone_has_left_goes_at_once()
    {
        using var folder = new TempFolder();
        using var gone = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        gone.WaitForExit();
        var path = Create(Rename(OwnFile.NameIn(folder.Path), parts => parts[1] = gone.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        new FolderFiles(folder.Path).Tidy(_now);

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_process_that_took_over_the_number_of_another_does_not_own_its_files()
    {
        using var folder = new TempFolder();
        var path = Create(Rename(OwnFile.NameIn(folder.Path), parts => parts[2] = "1000"));

        Assert.True(OwnFile.IsAbandoned(path, _now));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(25, true)]
    public void Of_another_machine_and_of_unknown_names_age_decides(int hours, bool isAbandoned)
    {
        using var folder = new TempFolder();
        foreach (var path in new[]
        {
            Create(folder[".ocisync-0123456789abcdef.tmp"]),
            Create(Rename(OwnFile.NameIn(folder.Path), parts => parts[0] = "00000000"))
        })
        {
            File.SetLastWriteTimeUtc(path, _now.UtcDateTime.AddHours(-hours));
            Assert.Equal(isAbandoned, OwnFile.IsAbandoned(path, _now));
        }
    }

    private static string Create(string path)
    {
        File.WriteAllText(path, "x");
        return path;
    }

    private static string Rename(string path, Action<string[]> change)
    {
        var parts = Path.GetFileName(path)[".ocisync-".Length..].Split('-');
        change(parts);
        return Path.Combine(Path.GetDirectoryName(path)!, ".ocisync-" + string.Join('-', parts));
    }
}
