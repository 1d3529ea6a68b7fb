using System.Text;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Keys;
using OciSync.Testing;

namespace OciSync.Core.Tests.Signing.Keys;

/// <summary>New pairs of keys.</summary>
public sealed class OciSigningKeyTests
{
    [Fact]
    public void Are_two_files_of_which_the_private_one_is_its_owners_alone()
    {
        using var folder = new TempFolder();
        var made = OciSigningKey.Create(folder["team"], "a passphrase"u8.ToArray());

        Assert.Equal((folder["team.key"], folder["team.pub"], "ECDSA P-256"), (made.PrivateKeyPath, made.PublicKeyPath, made.Kind));
        var key = SigningKeyFile.Open(File.ReadAllText(made.PrivateKeyPath), "a passphrase"u8.ToArray());
        var known = PublicKey.ReadPem(File.ReadAllBytes(made.PublicKeyPath));
        Assert.Equal(made.Fingerprint, known.Fingerprint.ToString());
        Assert.True(known.IsBy([1], key.Sign([1])));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(made.PrivateKeyPath));
        }
    }

    [Theory]
    [InlineData("team.key", "team.pub")]
    [InlineData("team.pub", "team.key")]
    public void Replace_nothing_that_is_there(string there, string other)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder[there], "old", Encoding.ASCII);
        var failure = Assert.Throws<IOException>(() => OciSigningKey.Create(folder["team"], []));
        Assert.Contains($"'{folder[there]}' is there already", failure.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(folder[there]));
        Assert.False(File.Exists(folder[other]));
    }

    [Fact]
    public void Are_written_where_there_is_a_folder_for_them()
    {
        using var folder = new TempFolder();
        var failure = Assert.Throws<DirectoryNotFoundException>(() => OciSigningKey.Create(folder["keys/team"], []));
        Assert.Equal($"There is no folder '{folder["keys"]}' for the keys.", failure.Message);
    }
}
