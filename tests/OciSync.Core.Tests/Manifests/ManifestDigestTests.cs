using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;

namespace OciSync.Core.Tests.Manifests;

public sealed class ManifestDigestTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(ManifestReader.MaxSize)]
    public async Task A_file_of_a_manifests_size_has_the_digest_of_its_bytes(int size)
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["m.json"], new byte[size], TestContext.Current.CancellationToken);

        Assert.Equal(Digest.Of(new byte[size]), ManifestDigest.OfFile(folder["m.json"]));
    }

    // A file of many gigabytes: no more of it is read than a manifest may have.
    [Theory]
    [InlineData(ManifestReader.MaxSize + 1L)]
    [InlineData(1L << 36)]
    public void A_file_that_is_too_large_is_refused(long size)
    {
        using var folder = new TempFolder();
        using (var file = File.Create(folder["m.json"]))
        {
            Assert.SkipUnless(OperatingSystem.IsLinux() || size < 1 << 30, "Files with holes are cheap on Linux alone.");
            file.SetLength(size);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var failure = Assert.Throws<OciException>(() => ManifestDigest.OfFile(folder["m.json"]));

        Assert.Equal("OciManifestInvalid", failure.ErrorId);
        Assert.Contains("more than 4194304 bytes", failure.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * ManifestReader.MaxSize);
    }

    // The head of a signature is JSON in base64: whatever else it is, it is a manifest that can't be used, wherever it lies.
    [Theory]
    [InlineData("AAAA", "no JSON")]
    [InlineData("****", "can't be used")]
    [InlineData("W10", "can't be read")]
    public async Task A_signature_without_a_head_is_refused(string head, string fault)
    {
        using var folder = new TempFolder();
        var text = $$"""{"schemaVersion":1,"signatures":[{"protected":"{{head}}"}]}""";
        await File.WriteAllTextAsync(folder["manifest.json"], text, new UTF8Encoding(false), TestContext.Current.CancellationToken);

        var failure = Assert.Throws<OciException>(() => ManifestDigest.OfFile(folder["manifest.json"]));
        var row = await Carry.CopyAsync("dir:" + folder.Path, "dir:" + folder["copy"]);

        Assert.Equal(("OciManifestInvalid", "OciManifestInvalid"), (failure.ErrorId, row.ErrorId));
        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
    }
}
