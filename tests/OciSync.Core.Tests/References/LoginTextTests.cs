using OciSync.Core.Engine;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.SyncFiles;

namespace OciSync.Core.Tests.References;

/// <summary>A login that was typed into a name is known for what it is, and nobody reads it again.</summary>
public sealed class LoginTextTests
{
    private const string Hex = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("alice:PW@r.test/a/b:1", "***@r.test/a/b:1")]
    [InlineData("alice:PW@host/a:1", "***@host/a:1")]
    [InlineData("https://alice:PW@r.test/a/b:1", "https://***@r.test/a/b:1")]
    [InlineData("docker://alice:PW@127.0.0.1:5000/a:1", "docker://***@127.0.0.1:5000/a:1")]
    [InlineData("docker-daemon:alice:PW@r.test/a:1", "docker-daemon:***@r.test/a:1")]
    [InlineData("https://PW@r.test", "https://***@r.test")]
    [InlineData("alice:PW@r.test:5000", "***@r.test:5000")]
    [InlineData("alice:PW/x@y@r.test/a:1", "***@r.test/a:1")]
    [InlineData("alice:PW@r.test/a@sha256:" + Hex, "***@r.test/a@sha256:" + Hex)]
    [InlineData("PW@r.test/a", "***@r.test/a")]
    [InlineData("https://alice:PW/x@r.test", "https://***@r.test")]
    [InlineData("alice:PW@alpine@sha256:" + Hex, "***@alpine@sha256:" + Hex)]
    public void It_is_hidden_and_explained(string text, string shown)
    {
        Assert.Equal(shown, LoginText.Hide(text));
        var failure = Assert.Throws<ReferenceException>(() => ImageLocation.Parse(text));
        Assert.DoesNotContain("PW", failure.ToString() + failure.Text, StringComparison.Ordinal);
        Assert.Contains("looks like a login", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Connect-OciRegistry", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r.test/a:1@sha256:" + Hex)]
    [InlineData("alpine@sha256:abc")]
    [InlineData("r.test/a@md5:abc")]
    [InlineData("r.test/a@")]
    [InlineData("@")]
    [InlineData("oci:/srv/me@host/images:a:1")]
    [InlineData("dir:a@b/c")]
    [InlineData("oci:m:library/alpine@sha256:0000")]
    public void What_is_none_stays_as_it_is(string text) => Assert.Equal(text, LoginText.Hide(text));

    [Theory]
    [InlineData('@')]
    [InlineData('/')]
    [InlineData(':')]
    public void However_long_a_text_is_it_is_looked_at_once(char filling)
    {
        var text = "a:" + new string(filling, 2_000_000) + "@b@c/d@e";
        Assert.EndsWith("***@c/d@e", LoginText.Hide(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Nor_does_it_stand_in_a_row_a_place_or_a_mistake_of_a_file()
    {
        const string Typed = "alice:PW@r.test/a";
        var place = SyncPlace.Below(GivenDestination.Read(Typed), DestinationNaming.Leaf);
        var failure = Assert.ThrowsAny<Exception>(() => place.Name(ImageReference.Parse("b:1")));
        var row = OciSyncResult.Failed(Typed, Typed, failure, new EngineOptions());
        var mistakes = new[]
        {
            $"{Typed}:\n  images:\n    x: ['1']\n", $"ocisync: 1\nimages:\n  {Typed}: ['1']\n",
            $"ocisync: 1\nimages:\n  b.test/a:\n    tags: ['1']\n    destination: '{Typed}'\n", $"last: 1\nimages:\n  alice:PW@r.test: [a]\n",
        }.SelectMany(text => SyncFile.Parse("x.yaml", text, _ => null).Mistakes).Select(m => m.ToString()).ToList();
        Assert.Equal(4, mistakes.Count);
        Assert.All(
            [place.Text, failure.ToString(), row.Source, row.Destination, row.Error!, row.Reason!, .. mistakes],
            text => Assert.DoesNotContain("PW", text, StringComparison.Ordinal));
        Assert.DoesNotContain("PW", Assert.ThrowsAny<Exception>(() => OciEngine.ResolveKey("https://alice:PW@r.test")).ToString(), StringComparison.Ordinal);
    }
}
