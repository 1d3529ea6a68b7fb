using CsCheck;
using OciSync.Core.References;

namespace OciSync.Core.Tests.References;

public sealed class ImageReferenceTests
{
    private static readonly string Hex = new('a', 64);

    private static readonly string[] Pieces =
    [
        "docker://", "docker.io", "r.test", "localhost", "[::1]", ":5000", "/", "/", "a", "b-c", "d__e", "library", ":1.0", ":latest",
        "@sha256:" + Hex, "@", ":", ".", "X", " ", "\t", "é", "😀", "\ud83d", "sha512:",
    ];

    private static readonly Gen<string> Pieced =
        Gen.Int[0, Pieces.Length - 1].Array[1, 7].Select(chosen => string.Concat(chosen.Select(i => Pieces[i])));

    [Theory]
    [InlineData("alpine", "docker.io/library/alpine")]
    [InlineData("alpine:3.19", "docker.io/library/alpine:3.19")]
    [InlineData("docker://alpine", "docker.io/library/alpine")]
    [InlineData("docker.io/alpine", "docker.io/library/alpine")]
    [InlineData("index.docker.io/bitnami/kubectl:1", "docker.io/bitnami/kubectl:1")]
    [InlineData("registry-1.docker.io/library/alpine", "docker.io/library/alpine")]
    [InlineData("bitnami/kubectl", "docker.io/bitnami/kubectl")]
    [InlineData("localhost/x", "localhost/x")]
    [InlineData("LOCALHOST:5000/x:Y", "localhost:5000/x:Y")]
    [InlineData("LocalHost/x", "localhost/x")]
    [InlineData("registry.hub.docker.com/alpine", "docker.io/library/alpine")]
    [InlineData("localhost:5000", "docker.io/library/localhost:5000")]
    [InlineData("foo.bar", "docker.io/library/foo.bar")]
    [InlineData("docker.io/foo.bar/x", "docker.io/foo.bar/x")]
    [InlineData("[2001:DB8::A]:1/a", "[2001:db8::a]:1/a")]
    [InlineData("[::ffff:10.0.0.1]/a", "[::ffff:10.0.0.1]/a")]
    [InlineData("r.test/a---b/c", "r.test/a---b/c")]
    [InlineData("r.test/a:_", "r.test/a:_")]
    [InlineData("r.test:65535/a:A.-_", "r.test:65535/a:A.-_")]
    [InlineData("Registry.K8s.io/pause:3.10", "registry.k8s.io/pause:3.10")]
    [InlineData("[::1]:5000/a/b:c", "[::1]:5000/a/b:c")]
    [InlineData("[2001:db8::1]/a", "[2001:db8::1]/a")]
    [InlineData("host:5000/a-b__c.d/e", "host:5000/a-b__c.d/e")]
    [InlineData(" alpine ", "docker.io/library/alpine")]
    [InlineData("dir:1.0", "docker.io/library/dir:1.0")]
    public void Names_are_read_as_docker_and_skopeo_do(string text, string expected) => Assert.Equal(expected, ImageReference.Parse(text).ToString());

    [Fact]
    public void A_tag_and_a_digest_may_stand_together()
    {
        var reference = ImageReference.Parse($"r.test/a/b:1.0@sha256:{Hex}");
        Assert.Equal(("r.test", "a/b", "1.0"), (reference.Registry, reference.Repository, reference.Tag));
        Assert.Equal("sha256:" + Hex, reference.Digest!.ToString());
        Assert.Equal("sha256:" + Hex, reference.ManifestReference);
        Assert.False(reference.IsRepository);
    }

    [Fact]
    public void No_tag_is_a_repository_until_a_default_is_asked_for()
    {
        var reference = ImageReference.Parse("r.test/a");
        Assert.True(reference.IsRepository);
        Assert.Equal("r.test/a:latest", reference.WithDefaultTag().ToString());
        Assert.Equal("latest", reference.ManifestReference);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("   ", "${repo}:latest")]
    [InlineData("Alpine", "upper-case letter 'A'")]
    [InlineData("r.test/Foo/bar", "upper-case letter 'F'")]
    [InlineData("r.test/", "repository name is empty")]
    [InlineData("r.test/a//b", "empty path part")]
    [InlineData("r.test/a/", "empty path part")]
    [InlineData("r.test/-a", "starts or ends with '-'")]
    [InlineData("r.test/a..b", "separator '..'")]
    [InlineData("r.test/a___b", "separator '___'")]
    [InlineData("r.test/a b", "character ' '")]
    [InlineData("r.test/ä", "character 'ä'")]
    [InlineData("r.test/a..$b", "character '$', which a repository name can't have (position 4)")]
    [InlineData("r.test/ab-C", "upper-case letter 'C'; repository names are lower case (position 4)")]
    [InlineData("r.test/a\nb", "character 'U+000A'")]
    [InlineData("r.test/a\u202eb", "character 'U+202E'")]
    [InlineData("r.test/a😀", "character '😀'")]
    [InlineData("r.test/a:é", "character 'é' at position 1")]
    [InlineData("r.test/a:😀", "character '😀'")]
    [InlineData("r.test/a: b", "character ' ' at position 1")]
    [InlineData("docker://", "repository name is empty")]
    [InlineData("docker:// alpine", "character ' '")]
    [InlineData("/a", "empty path part")]
    [InlineData("r.test//a", "empty path part")]
    [InlineData("r.test:/a", "not a number from 1 to 65535")]
    [InlineData("r.test:99999999999/a", "not a number from 1 to 65535")]
    [InlineData("[[::1]]/a", "not an IPv6 address")]
    [InlineData("[fe80::1%1]/a", "not an IPv6 address")]
    [InlineData("[]/a", "not an IPv6 address")]
    [InlineData("::1/a", "not a host name")]
    [InlineData("r.test./a", "not a host name")]
    [InlineData("\u212aube.test/a", "not a host name")]
    [InlineData("müller.test/a", "not a host name")]
    [InlineData("r.test/a:", "tag after 'r.test/a:' is empty")]
    [InlineData("r.test/a:-b", "character '-' at position 1")]
    [InlineData("r.test/a:b/c:d e", "character ' '")]
    [InlineData("r.test:0/a", "not a number from 1 to 65535")]
    [InlineData("r.test:70000/a", "not a number from 1 to 65535")]
    [InlineData("r.test:x/a", "not a number from 1 to 65535")]
    [InlineData("[::1/a", "not an IPv6 address")]
    [InlineData("[127.0.0.1]/a", "not an IPv6 address")]
    [InlineData("-r.test/a", "not a host name")]
    [InlineData("r..test/a", "not a host name")]
    [InlineData("https://r.test/a", "leave out 'https://'")]
    [InlineData("oci:/tmp/x", "transport 'oci:'")]
    [InlineData("docker-daemon:alpine/x:1", "transport 'docker-daemon:'")]
    [InlineData("r.test/a@sha256:abc", "64 hexadecimal digits and this has 3")]
    [InlineData("r.test/a@md5:abc", "algorithm 'md5'")]
    [InlineData("r.test/a@", "sha256:<64")]
    public void What_is_wrong_is_said_where(string text, string fault)
    {
        Assert.False(ImageReference.TryParse(text, out var reference, out var said));
        Assert.Null(reference);
        Assert.Contains(fault, said, StringComparison.Ordinal);
        var failure = Assert.Throws<ReferenceException>(() => ImageReference.Parse(text));
        Assert.Equal(text, failure.Text);
    }

    [Fact]
    public void A_message_is_short_and_moves_no_cursor()
    {
        var failure = Assert.Throws<ReferenceException>(() => ImageReference.Parse("r.test/\u001b[2J" + new string('x', 100_000)));
        Assert.True(failure.Message.Length < 1000);
        Assert.DoesNotContain(failure.Message, char.IsControl);
        Assert.Contains("U+001B[2J", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_holds_no_tag_that_is_none()
    {
        var reference = ImageReference.Parse("r.test/a@sha256:" + Hex);
        Assert.Equal("r.test/a:1.0", reference.WithTag("1.0").ToString());
        Assert.Equal("r.test/a", reference.WithTag(null).ToString());
        var failure = Assert.Throws<ReferenceException>(() => reference.WithTag("1 0"));
        Assert.Contains("character ' '", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(255, 128, true)]
    [InlineData(256, 1, false)]
    [InlineData(1, 129, false)]
    public void Lengths_end_at_255_and_128(int name, int tag, bool valid) =>
        Assert.Equal(valid, ImageReference.TryParse($"r.test/{new string('a', name)}:{new string('t', tag)}", out _, out _));

    [Fact]
    public void Any_text_is_a_reference_or_refused_with_a_reason() =>
        Gen.OneOf(Gen.String, Gen.Char["ab/:@.-_[]A0 "].Array[0, 40].Select(c => new string(c)), Pieced).Sample(text =>
        {
            if (ImageReference.TryParse(text, out var reference, out var fault))
            {
                Assert.Equal(reference, ImageReference.Parse(reference!.ToString()));
            }
            else
            {
                Assert.False(string.IsNullOrEmpty(fault));
                Assert.Throws<ReferenceException>(() => ImageReference.Parse(text));
            }
        });
}
