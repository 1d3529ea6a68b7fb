using System.Text;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Stores;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;
using static OciSync.Core.Tests.Signing.Stores.StoreRun;

namespace OciSync.Core.Tests.Signing.Stores;

/// <summary>Signatures in folders and on servers beside registries.</summary>
public sealed class LookasideTests : IAsyncLifetime
{
    private readonly StoreRun _run = new();

    private EmbeddedRegistry? _registry;

    private string Host => _registry!.Address;

    public async ValueTask InitializeAsync() => _registry = await EmbeddedRegistry.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _run.Dispose();
        await _registry!.DisposeAsync();
    }

    [Fact]
    public async Task A_folder_is_read_up_to_the_first_number_that_is_not_there()
    {
        _run.Put("sigs", "team/app", Signature(1), Signature(2), Signature(3), Signature(4));
        File.Delete(_run.Folder[$"sigs/team/app@sha256={Manifest.Hex}/signature-3"]);
        _run.Say($"default-docker: {{lookaside: '{_run.UriOf("sigs")}'}}");
        var found = await _run.ReadAsync($"{Host}/team/app:1");
        Assert.Equal("1,2", string.Join(",", found.Signatures.Select(s => s.Content[^1])));
        Assert.Equal(_run.Folder[$"sigs/team/app@sha256={Manifest.Hex}/signature-1"], found.Signatures[0].Place);
        Assert.Equal(SignatureKind.OpenPgp, found.Signatures[0].Kind);
        Assert.Empty((await _run.ReadAsync($"{Host}/team/other:1")).Signatures);
    }

    [Fact]
    public async Task Names_of_folders_may_have_blanks_and_a_slash_at_the_end()
    {
        _run.Put("my sigs", "team/app", Signature(1));
        _run.Say($"default-docker: {{lookaside: '{_run.UriOf("my sigs")}/'}}");
        Assert.Equal("1", await _run.FindAsync($"{Host}/team/app:1"));
    }

    [Fact]
    public async Task Without_a_word_the_users_own_folder_is_read()
    {
        _run.Put("home/.local/share/containers/sigstore", "team/app", Signature(1));
        _run.Say("docker: {}");
        Assert.Equal("1", await _run.FindAsync($"{Host}/team/app:1"));
    }

    [Theory]
    [InlineData("ftp://x/", "file://, https:// or http://")]
    [InlineData("/srv/sigs", "file:///")]
    [InlineData("sigs", "file:///")]
    [InlineData("file://server/sigs", "three slashes")]
    public async Task Other_addresses_are_refused_where_they_are_used(string address, string rule)
    {
        _run.Say($"docker:\n  {Host}/team/app: {{lookaside: '{address}'}}");
        Assert.Empty((await _run.ReadAsync($"{Host}/team/other:1")).Signatures);
        var failure = await FailAsync($"{Host}/team/app:1");
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains("a.yaml', line 2", failure.Message, StringComparison.Ordinal);
        Assert.Contains(rule, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_is_read_up_to_its_first_404_and_is_given_no_login_of_a_registry()
    {
        var logins = new List<string>();
        await using var server = Serve((path, head) =>
        {
            logins.AddRange(head.Split("\r\n").Where(l => l.StartsWith("Authorization", StringComparison.OrdinalIgnoreCase)));
            return path[^2..] switch { "-1" => Ok(Signature(1)), "-2" => Ok(Signature(2)), _ => null };
        });
        _run.Sessions.Set(Host, ConnectionSettings.Default, RegistryCredential.FromPassword("user", "secret"));
        _run.Say($"default-docker: {{lookaside: 'http://{server.Address}/base/'}}");
        var found = await _run.ReadAsync($"{Host}/team/app:1");
        Assert.Equal("1,2", string.Join(",", found.Signatures.Select(s => s.Content[^1])));
        Assert.Equal($"http://{server.Address}/base//team/app@sha256={Manifest.Hex}/signature-1", found.Signatures[0].Place);
        Assert.Equal(3, server.Requests.Count);
        Assert.Empty(logins);
    }

    [Theory]
    [InlineData(401, OciErrorKind.Unauthorized, 1)]
    [InlineData(403, OciErrorKind.Forbidden, 1)]
    [InlineData(410, OciErrorKind.ProtocolError, 1)]
    [InlineData(204, OciErrorKind.ProtocolError, 3)]
    [InlineData(503, OciErrorKind.ServerError, 3)]
    public async Task Whatever_isnt_404_is_not_known_and_never_none(int status, OciErrorKind kind, int requests)
    {
        await using var server = Serve((_, _) => RawServer.Head(status, "Content-Length: 0"));
        _run.Say($"default-docker: {{lookaside: 'http://{server.Address}'}}");
        var failure = await FailAsync($"{Host}/team/app:1");
        Assert.Equal((kind, requests), (failure.Kind, server.Requests.Count));
        Assert.Contains("only 404 says that there is none", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_for_people_is_no_signature()
    {
        await using var server = Serve((_, _) => Ok("<html>"));
        _run.Say($"default-docker: {{lookaside: 'http://{server.Address}'}}");
        Assert.Contains("is no signature: it begins with the byte 0x3c", (await FailAsync($"{Host}/team/app:1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_a_failure()
    {
        string nobody;
        await using (var server = Serve((_, _) => null))
        {
            nobody = server.Address;
        }

        _run.Say($"default-docker: {{lookaside: 'http://{nobody}'}}");
        Assert.Equal(OciErrorKind.ConnectionFailed, (await FailAsync($"{Host}/team/app:1")).Kind);
    }

    [Fact]
    public async Task A_server_without_an_answer_is_a_timeout()
    {
        await using var server = RawServer.Start(async (_, _, token) => await Task.Delay(Timeout.Infinite, token));
        using var run = new StoreRun { Stall = TimeSpan.FromMilliseconds(200) };
        run.Say($"default-docker: {{lookaside: 'http://{server.Address}'}}");
        var failure = await Assert.ThrowsAsync<OciException>(() => run.ReadAsync($"{Host}/team/app:1"));
        Assert.Equal(OciErrorKind.Timeout, failure.Kind);
    }

    [Fact]
    public async Task A_redirect_is_followed_without_the_login_of_the_address()
    {
        var heads = new List<string>();
        await using var other = Serve((path, head) =>
        {
            heads.Add(head);
            return path == "/else" ? Ok(Signature(7)) : null;
        });
        await using var server = Serve((path, head) =>
        {
            heads.Add(head);
            return path.EndsWith("-1", StringComparison.Ordinal) ? RawServer.Head(302, $"Location: http://{other.Address}/else", "Content-Length: 0") : null;
        });
        _run.Say($"default-docker: {{lookaside: 'http://user:pass%20word@{server.Address}/'}}");
        var found = await _run.ReadAsync($"{Host}/team/app:1");
        Assert.Equal(7, Assert.Single(found.Signatures).Content[^1]);
        Assert.DoesNotContain("pass", found.Signatures[0].Place, StringComparison.Ordinal);
        var login = "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("user:pass word"));
        Assert.Equal([true, false, true], heads.Select(h => h.Contains(login, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task More_and_larger_signatures_than_anybody_has_are_not_read()
    {
        await using var server = Serve((path, _) => path.Contains("/many", StringComparison.Ordinal) ? Ok(Signature(1))
            : RawServer.Head(200, "Content-Length: 99999999"));
        _run.Say($"default-docker: {{lookaside: 'http://{server.Address}'}}");
        Assert.Contains("one signature too many", (await FailAsync($"{Host}/many:1")).Message, StringComparison.Ordinal);
        Assert.Equal(129, server.Requests.Count);
        Assert.Contains("more than 4194304 bytes", (await FailAsync($"{Host}/large:1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_bounded_too()
    {
        _run.Put("sigs", "many", [.. Enumerable.Range(0, 200).Select(i => Signature((byte)i))]);
        _run.Put("sigs", "large", new byte[5 * 1024 * 1024]);
        _run.Put("sigs", "empty", [[]]);
        _run.Say($"default-docker: {{lookaside: '{_run.UriOf("sigs")}'}}");
        Assert.Contains("one signature too many", (await FailAsync($"{Host}/many:1")).Message, StringComparison.Ordinal);
        Assert.Contains("larger than 4096 KiB", (await FailAsync($"{Host}/large:1")).Message, StringComparison.Ordinal);
        Assert.Contains("it is empty", (await FailAsync($"{Host}/empty:1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attachments_that_are_switched_off_are_told()
    {
        _run.Say("docker: {}");
        var note = Assert.Single((await _run.ReadAsync($"{Host}/team/app:1")).Notes);
        Assert.Contains("no use-sigstore-attachments in registries.d", note, StringComparison.Ordinal);
        Assert.Empty((await _run.ReadAsync($"{Host}/team/app:1", only: SignatureKind.OpenPgp)).Notes);
    }

    [Theory]
    [InlineData("docker: {}", 1)]
    [InlineData("default-docker: {use-sigstore-attachments: false}", 0)]
    public async Task Who_asks_for_signatures_gets_attachments_unless_they_are_switched_off(string yaml, int asked)
    {
        await _registry!.AddAsync("team/app", ImageFactory.Create(), "1");
        _run.Say(yaml);
        var image = ImageLocation.Parse($"{Host}/team/app:1");
        var found = await _run.Stores.ReadAsync(image, Manifest, WorkScope.Uncounted(TestContext.Current.CancellationToken), isAsked: true);
        Assert.Equal(1 - asked, found.Notes.Count);
        Assert.Equal(asked, _registry!.Requests.Count(null, ".sig"));
    }

    [Fact]
    public async Task A_mirrors_signatures_are_where_the_mirrors_own_name_says()
    {
        await using var mirror = await EmbeddedRegistry.StartAsync();
        _run.RegistriesConfig = $"[[registry]]\nlocation = \"{Host}\"\n[[registry.mirror]]\nlocation = \"{mirror.Address}/copy\"\ninsecure = true\n";
        _run.Put("of-mirror", "copy/team/app", Signature(1));
        _run.Put("of-registry", "team/app", Signature(2));
        _run.Put("of-registry", "team/other", Signature(3));
        _run.Say($"docker: {{'{mirror.Address}': {{lookaside: '{_run.UriOf("of-mirror")}'}}, '{Host}': {{lookaside: '{_run.UriOf("of-registry")}'}}}}");
        Assert.Equal("1", await _run.FindAsync($"{Host}/team/app:1"));

        // A mirror without signatures leaves the word to the registry.
        Assert.Equal("3", await _run.FindAsync($"{Host}/team/other:1"));
    }

    [Fact]
    public async Task A_mirror_that_doesnt_tell_is_not_a_mirror_without_signatures()
    {
        await using var mirror = await EmbeddedRegistry.StartAsync();
        await using var server = Serve((_, _) => RawServer.Head(403, "Content-Length: 0"));
        _run.RegistriesConfig = $"[[registry]]\nlocation = \"{Host}\"\n[[registry.mirror]]\nlocation = \"{mirror.Address}\"\ninsecure = true\n";
        _run.Put("of-registry", "signed", Signature(2));
        _run.Say($"docker: {{'{mirror.Address}': {{lookaside: 'http://{server.Address}'}}, '{Host}': {{lookaside: '{_run.UriOf("of-registry")}'}}}}");
        Assert.Equal("2", await _run.FindAsync($"{Host}/signed:1"));
        Assert.Equal(OciErrorKind.Forbidden, (await FailAsync($"{Host}/unsigned:1")).Kind);
    }

    [Fact]
    public async Task A_wrong_file_of_settings_fails_every_image()
    {
        _run.Say("docker: [");
        Assert.Equal(OciErrorKind.ConfigurationInvalid, (await FailAsync($"{Host}/team/app:1")).Kind);
    }

    private Task<OciException> FailAsync(string image) => Assert.ThrowsAsync<OciException>(() => _run.ReadAsync(image));
}
