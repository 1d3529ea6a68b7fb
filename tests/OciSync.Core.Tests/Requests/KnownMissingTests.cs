using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.SyncFiles;

namespace OciSync.Core.Tests.Requests;

public sealed class KnownMissingTests
{
    [Theory]
    [InlineData("quay.io/coreos/flannel", "quay.io/coreos/flannel", true)]
    [InlineData("quay.io/coreos/flannel", "quay.io/coreos/flannel:v1", true)]
    [InlineData("quay.io/coreos/flannel:v1", "quay.io/coreos/flannel:v1", true)]
    [InlineData("quay.io/coreos/flannel:v1", "quay.io/coreos/flannel:v2", false)]
    [InlineData("quay.io/coreos/flannel:v1", "quay.io/coreos/flannel", false)]
    [InlineData("quay.io/coreos/flannel", "quay.io/coreos/flannel-cni", false)]
    [InlineData("serialt/rocky", "docker.io/serialt/rocky", true)]
    [InlineData("k8s.gcr.io/*", "k8s.gcr.io/dns/k8s-dns-node-cache", true)]
    [InlineData("k8s.gcr.io/*", "registry.k8s.io/pause", false)]
    [InlineData("*:edge", "quay.io/a/b:edge", true)]
    [InlineData("  quay.io/a/b   # gone since 2022", "quay.io/a/b", true)]
    [InlineData("# quay.io/a/b", "quay.io/a/b", false)]
    [InlineData("", "quay.io/a/b", false)]
    public void A_name_is_a_repository_an_image_or_a_wildcard(string name, string reference, bool expected) =>
        Assert.Equal(expected, KnownMissing.Parse([name]).Contains(ImageReference.Parse(reference)));

    [Theory]
    [InlineData("Not A Name")]
    [InlineData("a[")]
    public void What_is_no_name_is_refused(string name) =>
        Assert.Equal(OciErrorKind.ChoiceInvalid, Assert.Throws<OciException>(() => KnownMissing.Parse([name])).Kind);

    [Fact]
    public void Sync_images_file_may_say_what_is_known_and_a_name_that_is_none_of_its_images_is_told()
    {
        var file = SyncFile.Parse(
            "config.yaml", "last: 2\nknownMissing: [quay.io/a/gone, quay.io/a/typo]\nimages:\n  quay.io: [a/b, a/gone]\n", _ => null).Require();
        Assert.Equal([("a/b", false), ("a/gone", true)], file.Entries.Select(e => (e.Repository, e.KnownMissing)));
        Assert.Contains("quay.io/a/typo", Assert.Single(file.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Our_file_says_it_of_an_entry_or_of_all()
    {
        const string Text = "ocisync: 1\ndefaults: { knownMissing: true }\nimages:\n  quay.io/a/b: { latest: 1, knownMissing: false }\n  quay.io/a/c: ['1']\n";
        Assert.Equal([false, true], SyncFile.Parse("m.yaml", Text, _ => null).Require().Entries.Select(e => e.KnownMissing));
    }

    [Fact]
    public void A_wrong_name_in_a_file_is_a_mistake_with_its_place()
    {
        var mistake = Assert.Single(SyncFile.Parse("config.yaml", "last: 2\nknownMissing: ['Not A Name']\nimages:\n  quay.io: [a/b]\n", _ => null).Mistakes);
        Assert.Equal(2, mistake.Line);
    }
}
