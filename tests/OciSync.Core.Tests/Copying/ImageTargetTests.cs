using OciSync.Core.Copying;
using OciSync.Core.Copying.Blobs;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Tests.Copying;

/// <summary>The states of a destination follow one another, and it is told what a check found.</summary>
public sealed class ImageTargetTests
{
    private static readonly Digest Blob = Digest.Parse("sha256:" + new string('1', 64));

    [Fact]
    public void A_step_out_of_order_is_a_mistake_and_no_answer()
    {
        using var copy = new DestinationCopy(ImageLocation.Parse("oci:m:a:1"), null!, new DestinationTags(), false, EngineEvents.None);
        var target = new ImageTarget(copy, ["a:1"]);

        Assert.Contains("not named", Assert.Throws<InvalidOperationException>(() => target.Learn(null!, [null])).Message, StringComparison.Ordinal);
        Assert.Contains("not compared", Assert.Throws<InvalidOperationException>(() => target.Relearn(null!)).Message, StringComparison.Ordinal);
        Assert.Contains("not compared", Assert.Throws<InvalidOperationException>(() => target.TakeInstead(Blob, "x")).Message, StringComparison.Ordinal);
        Assert.True(target.TryFinish());
        Assert.False(target.TryFinish());
    }

    [Theory]
    [InlineData(ImageTransport.Docker, 1, 0, "repaired: the registry had lost parts of it")]
    [InlineData(
        ImageTransport.Oci, 1, 0,
        "repaired: the blob sha256:1111111111111111111111111111111111111111111111111111111111111111 was missing or damaged in the folder")]
    [InlineData(ImageTransport.Oci, 0, 2, "repaired: manifests of it were missing or damaged in the folder")]
    [InlineData(
        ImageTransport.Oci, 1, 1,
        "repaired: 2 parts of it, among them the blob sha256:1111111111111111111111111111111111111111111111111111111111111111, "
            + "were missing or damaged in the folder")]
    public void What_was_missing_is_told(ImageTransport transport, int blobs, int manifests, string expected)
    {
        var damage = new ImageDamage();
        Enumerable.Range(0, blobs).ToList().ForEach(_ => damage.AddBlob(new Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", Blob, 1)));
        Enumerable.Range(0, manifests).ToList().ForEach(_ => damage.AddManifest());

        Assert.Equal((blobs + manifests, expected), (damage.Count, damage.Describe(transport, isPlanned: false)));
    }
}
