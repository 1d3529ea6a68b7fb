using System.IO.Compression;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing;

namespace OciSync.Core.Tests.Tar;

public sealed class ArchiveTempTests
{
    [Fact]
    public async Task A_packed_archive_is_unpacked_where_nobody_else_can_read_it_and_goes_with_the_command()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"oci-archive:{folder["a.tar"]}:a:1");
        using (var packed = new GZipStream(File.Create(folder["a.tgz"]), CompressionMode.Compress))
        {
            packed.Write(File.ReadAllBytes(folder["a.tar"]));
        }

        using (var engine = Run.Engine(Run.Quick with { TempPath = folder["t"] }, cancellationToken: TestContext.Current.CancellationToken))
        {
            await engine.FindDigestAsync(ImageLocation.Parse($"oci-archive:{folder["a.tgz"]}:a:1"), null, TestContext.Current.CancellationToken);
            var file = Assert.Single(Directory.GetFiles(folder["t"]));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }

        Assert.Empty(Directory.GetFiles(folder["t"]));
    }
}
