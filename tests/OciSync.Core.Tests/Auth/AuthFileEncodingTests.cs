using System.Text;
using OciSync.Core.AuthFiles;
using OciSync.Core.Flow;
using OciSync.Testing;

namespace OciSync.Core.Tests.Auth;

public sealed class AuthFileEncodingTests
{
    private const string Content = """{"auths":{"registry.corp.local":{"username":"alice","password":"gr\u00fc\u00df\ud83d\ude00"}}}""";

    public static TheoryData<string> Encodings => ["utf-8", "utf-16", "utf-16BE"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_file_with_a_byte_order_mark_is_read_as_it_says(string name)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["auth.json"], Content.Replace("\\u00fc", "\u00fc", StringComparison.Ordinal), Encoding.GetEncoding(name));

        var file = AuthFile.Load(new AuthFilePlace(folder["auth.json"]), EngineEvents.None);

        Assert.Equal("alice", file!.FindLogin("registry.corp.local")!.Username);
    }

    [Fact]
    public async Task A_login_is_added_to_a_file_in_UTF_16_and_the_others_stay()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["auth.json"], Content, Encoding.Unicode);

        var changed = await AuthFileWriter.ChangeAsync(
            folder["auth.json"],
            old => AuthFileEditor.SetLogin(folder["auth.json"], old, "other.local", RegistryCredential.FromPassword("bob", "x")),
            TestContext.Current.CancellationToken);

        Assert.True(changed);
        var file = AuthFile.Load(new AuthFilePlace(folder["auth.json"]), EngineEvents.None)!;
        Assert.Equal(("alice", "bob"), (file.FindLogin("registry.corp.local")!.Username, file.FindLogin("other.local")!.Username));
    }
}
