using OciSync.Core.Rows;
using OciSync.Core.Signing.Signers;
using OciSync.Core.SyncFiles;
using OciSync.Testing;

namespace OciSync.Core.Tests.SyncFiles;

/// <summary>The key <c>sign</c> of sync files and of rows: who signs, and what is wrong with it.</summary>
public sealed class SignKeyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void It_names_keys_from_the_files_folder_and_an_entry_stands_before_the_defaults()
    {
        var entries = Load(
            """
            ocisync: 1
            defaults: { sign: { keys: keys/team.key } }
            images:
              quay.io/a/one: ['1']
              quay.io/a/two: { tags: ['1'], sign: { keys: [a.key, /b.asc], by: [ABCD], format: bundle, identity: quay.io/x/y, passphraseVariable: PW } }
              quay.io/a/three: { tags: ['1'], sign: none }
            """).Entries;
        Assert.Equal([Path.Combine(_folder.Path, "keys", "team.key")], entries[0].Signing!.KeyPaths);
        var two = entries[1].Signing!;
        Assert.Equal([Path.Combine(_folder.Path, "a.key"), Path.GetFullPath("/b.asc")], two.KeyPaths);
        Assert.Equal(
            ("ABCD", SignatureFormat.Bundle, "quay.io/x/y", null, "PW"),
            (Assert.Single(two.GpgKeys), two.Format, two.Identity, two.PassphrasePath, two.PassphraseVariable));
        Assert.Same(EntrySigning.Nobody, entries[2].Signing);
    }

    [Fact]
    public void A_row_says_it_as_a_file_does_and_is_read_again()
    {
        var said = new EntrySigning([Path.GetFullPath("/it's.key")], ["ABCD"])
        {
            Format = SignatureFormat.Attachment, Identity = "quay.io/a/b:1", PassphrasePath = Path.GetFullPath("/pw"),
        };
        var read = EntryReader.Read(EntryText.Of(null, false, null, null, said)!).Signing!;
        Assert.Equal((said.KeyPaths[0], said.GpgKeys[0]), (Assert.Single(read.KeyPaths), Assert.Single(read.GpgKeys)));
        Assert.Equal((said.Format, said.Identity, said.PassphrasePath), (read.Format, read.Identity, read.PassphrasePath));
        Assert.Equal("{ sign: none }", EntryText.Of(null, false, null, null, EntrySigning.Nobody));
        Assert.Same(EntrySigning.Nobody, EntryReader.Read("{ sign: none }").Signing);
        Assert.Null(EntryReader.Read("{ referrers: true }").Signing);
    }

    [Theory]
    [InlineData("yes", 4, 11, "'sign' must be keys and values")]
    [InlineData("{ format: Bundle }", 4, 11, "says who signs")]
    [InlineData("{ keys: a, passphrase: secret }", 4, 34, "A passphrase doesn't stand in a sync file")]
    [InlineData("{ keys: a, identity: 'A b' }", 4, 32, "'identity' can't be the name that is signed")]
    [InlineData("{ keys: a, format: Zip }", 4, 30, "must be one of Attachment, Bundle, OpenPgp")]
    [InlineData("{ keys: a, passphrasePath: b, passphraseVariable: C }", 4, 61, "can't stand together")]
    [InlineData("{ key: a, by: b }", 4, 13, "was 'keys' meant?")]
    public void What_is_wrong_has_its_place(string sign, int line, int column, string message)
    {
        var mistake = Assert.Single(Load($"ocisync: 1\nimages:\n  quay.io/a/b:\n    sign: {sign}\n    tags: ['1']\n").Mistakes);
        Assert.Equal((line, column), (mistake.Line, mistake.Column));
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", mistake.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private SyncFile Load(string text)
    {
        File.WriteAllText(_folder["sync.yaml"], text);
        return SyncFile.Load(_folder["sync.yaml"], _ => null);
    }
}
