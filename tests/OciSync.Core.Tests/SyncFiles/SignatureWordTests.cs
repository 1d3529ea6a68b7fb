using OciSync.Core.Rows;
using OciSync.Core.Signing.Judging;
using OciSync.Core.SyncFiles;
using OciSync.Core.Syncing;

namespace OciSync.Core.Tests.SyncFiles;

/// <summary><c>signatures</c> says what is asked of signatures, and whether they travel.</summary>
public sealed class SignatureWordTests
{
    [Theory]
    [InlineData("keep", null, false, "keep")]
    [InlineData("Remove", null, true, "remove")]
    [InlineData("requireIndex", SignatureDemand.RequireIndex, null, "RequireIndex")]
    [InlineData("[require, remove]", SignatureDemand.Require, true, "Require, remove")]
    [InlineData("[keep, asPolicy]", SignatureDemand.AsPolicy, false, "AsPolicy, keep")]
    public void One_word_of_each_kind(string text, SignatureDemand? demand, bool? removes, string shown)
    {
        var entry = Assert.Single(Read($"signatures: {text}").Require().Entries);
        Assert.Equal((demand, removes, shown), (entry.Trust!.Demand, entry.Trust.RemoveSignatures, entry.Signatures));

        // What a row says of it is read again as the same.
        var row = RowSelection.Parse(EntryText.Of(null, false, null, entry.Trust)!);
        Assert.Equal(entry.Trust, row.Trust);
    }

    [Fact]
    public void What_an_entry_does_not_say_is_as_in_the_defaults_and_as_in_the_command()
    {
        var file = Parse("ocisync: 1\ndefaults:\n  signatures: [require, remove]\nimages:\n  r.test/a:\n    tags: ['1']\n    signatures: keep\n");
        var trust = Assert.Single(file.Require().Entries).Trust!;
        Assert.Equal((SignatureDemand.Require, false), (trust.Demand, trust.RemoveSignatures));
        var command = TrustOptions.Everything with { RemoveSignatures = true };
        Assert.False(command.With(trust, _ => null!).RemoveSignatures);
        Assert.True(command.With(new EntryTrust("p", null), _ => null!).RemoveSignatures);
    }

    [Theory]
    [InlineData("drop", "(5,17): 'signatures' must be one of AsPolicy, Require, RequireIndex, or keep or remove, or one of each as a list, not 'drop'.")]
    [InlineData(
        "[keep, remove]",
        "(5,17): 'signatures' says 'remove' beside another word for the same: one of AsPolicy, Require, RequireIndex, and one of keep, remove.")]
    [InlineData("[require, requireIndex]", "(5,17): 'signatures' says 'requireIndex' beside another word")]
    public void Other_words_are_errors_with_their_place(string text, string fault)
    {
        var file = Read($"signatures: {text}");
        Assert.Contains(fault, Assert.Single(file.Mistakes).ToString(), StringComparison.Ordinal);
    }

    private static SyncFile Read(string line) => Parse($"ocisync: 1\nimages:\n  r.test/a:\n    tags: ['1']\n    {line}\n");

    private static SyncFile Parse(string text) => SyncFile.Parse("sync.yaml", text, _ => null);
}
