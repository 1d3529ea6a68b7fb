using OciSync.Core.Polyfills;
using OciSync.Testing;

namespace OciSync.Core.Tests.Transports;

/// <summary>Files that take a name, where several writers want the same one.</summary>
public class ReplaceTests
{
    [Fact]
    public async Task Several_files_take_one_name_at_once_and_none_fails()
    {
        using var folder = new TempFolder();
        for (var round = 0; round < 100; round++)
        {
            var target = folder[$"t{round}"];
            var drafts = Enumerable.Range(0, 4).Select(i => folder[$"d{round}-{i}"]).ToList();
            drafts.ForEach(d => File.WriteAllText(d, "same"));
            using var start = new Barrier(drafts.Count);

            await Task.WhenAll(drafts.Select(d => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(TestContext.Current.CancellationToken);
                    FileLinks.Replace(d, target);
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Assert.Equal("same", File.ReadAllText(target));
            Assert.DoesNotContain(drafts, File.Exists);
        }
    }

    [Fact]
    public void A_name_that_cannot_be_taken_is_told()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["d"], "new");
        Directory.CreateDirectory(folder["t"]);

        Assert.ThrowsAny<Exception>(() => FileLinks.Replace(folder["d"], folder["t"]));
        Assert.Equal("new", File.ReadAllText(folder["d"]));
    }
}
