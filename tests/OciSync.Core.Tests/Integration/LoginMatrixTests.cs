using OciSync.Core.Auth;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Auth;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>Every place a login can come from, at real registries with Basic logins and with tokens: list, pull, push, delete.</summary>
public sealed class LoginMatrixTests
{
    private static readonly string[] Places =
    [
        "given", "session", "session-namespace", "authfile", "variable", "runtime", "config", "docker-auth", "docker-username", "docker-namespace",
        "credHelpers", "credsStore", "dockercfg",
    ];

    public static TheoryData<DockerRegistryMode, string> Cells
    {
        get
        {
            var cells = new TheoryData<DockerRegistryMode, string>();
            foreach (var mode in new[] { DockerRegistryMode.Htpasswd, DockerRegistryMode.Token })
            {
                foreach (var place in Places)
                {
                    cells.Add(mode, place);
                }
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_login_from_any_place_lists_pulls_pushes_and_deletes(DockerRegistryMode mode, string place)
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        Assert.SkipWhen(OperatingSystem.IsWindows() && place.StartsWith("cred", StringComparison.Ordinal), "The helpers of these tests are shell scripts.");
        await using var registry = await SeededAsync(mode);
        using var home = new AuthHome();
        var given = new Dictionary<string, RegistryCredential>();
        SetUp(home, given, place, registry.Address);
        var options = place == "authfile" ? home.Options with { AuthFilePath = home["named.json"] } : home.Options;
        using var engine = new OciEngine(options, home.Events, home.Sessions, given, TestContext.Current.CancellationToken);

        Assert.Equal(["1"], await engine.ListTagsAsync(ImageReference.Parse($"{registry.Address}/team/a"), TestContext.Current.CancellationToken));
        Assert.Equal(["Copied"], (await CopyAsync(engine, registry)).Select(r => r.Status));
        Assert.Equal(
            await engine.FindDigestAsync(ImageLocation.Parse($"{registry.Address}/team/a:1"), null, TestContext.Current.CancellationToken),
            (await DeleteAsync(engine, registry))!.Digest);
        Assert.Empty(await engine.ListTagsAsync(ImageReference.Parse($"{registry.Address}/team/copies/a"), TestContext.Current.CancellationToken));
        Assert.Contains(home.Decisions, d => d.Contains($"login of '{registry.User.Name}'", StringComparison.Ordinal));
        Assert.DoesNotContain(home.Decisions.Concat(home.Warnings), d => Tells(d, registry.User));
    }

    [Fact]
    public async Task A_token_that_is_given_lists_pulls_pushes_and_deletes_and_no_other_is_asked_for()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        await using var registry = await SeededAsync(DockerRegistryMode.Token);
        using var home = new AuthHome();
        var token = await GetTokenAsync(registry, "repository:team/a:pull", "repository:team/copies/a:pull,push,delete");
        var asked = registry.Tokens!.Requests.Count;
        var given = new Dictionary<string, RegistryCredential> { [registry.Address] = RegistryCredential.FromRegistryToken(token) };
        using var engine = new OciEngine(home.Options, home.Events, home.Sessions, given, TestContext.Current.CancellationToken);

        Assert.Equal(["1"], await engine.ListTagsAsync(ImageReference.Parse($"{registry.Address}/team/a"), TestContext.Current.CancellationToken));
        Assert.Equal(["Copied"], (await CopyAsync(engine, registry)).Select(r => r.Status));
        Assert.NotNull(await DeleteAsync(engine, registry));
        Assert.Equal(asked, registry.Tokens.Requests.Count);
        Assert.DoesNotContain(home.Decisions.Concat(home.Warnings), d => d.Contains(token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DockerRegistryMode.Htpasswd, false)]
    [InlineData(DockerRegistryMode.Htpasswd, true)]
    [InlineData(DockerRegistryMode.Token, true)]
    [InlineData(DockerRegistryMode.Token, false)]
    public async Task A_wrong_or_missing_login_is_told_with_what_to_do(DockerRegistryMode mode, bool wrong)
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        await using var registry = await SeededAsync(mode);
        using var home = new AuthHome();
        if (wrong)
        {
            home.WriteDocker(AuthHome.Login(registry.Address, "alice", "wr0ng-secret"));
        }

        using var engine = new OciEngine(
            home.Options, home.Events, home.Sessions, new Dictionary<string, RegistryCredential>(), TestContext.Current.CancellationToken);
        var row = Assert.Single(await CopyAsync(engine, registry));
        Assert.Equal(("Failed", "OciUnauthorized"), (row.Status, row.ErrorId));
        Assert.Contains("Connect-OciRegistry " + registry.Address, row.Error, StringComparison.Ordinal);
        Assert.Contains(wrong ? "refused the login of 'alice'" : "asks for a login", row.Error, StringComparison.Ordinal);

        // Reading comes before a deletion: where everybody may read, the deletion itself is what is refused.
        var deletion = await Assert.ThrowsAsync<OciException>(() => DeleteAsync(engine, registry, "team/a"));
        Assert.Equal(
            (OciErrorKind.Unauthorized, true), (deletion.Kind, deletion.Message.Contains("Connect-OciRegistry " + registry.Address, StringComparison.Ordinal)));
        Assert.Contains(wrong ? "refused the login of 'alice'" : "asks for a login", deletion.Message, StringComparison.Ordinal);

        // The token server of this registry lets everybody read.
        var listing = engine.ListTagsAsync(ImageReference.Parse($"{registry.Address}/team/a"), TestContext.Current.CancellationToken);
        if (mode == DockerRegistryMode.Token && !wrong)
        {
            Assert.Equal(["1"], await listing);
        }
        else
        {
            Assert.Equal(OciErrorKind.Unauthorized, (await Assert.ThrowsAsync<OciException>(() => listing)).Kind);
        }

        Assert.DoesNotContain("wr0ng", string.Join("\n", home.Decisions.Concat(home.Warnings)) + row.Error, StringComparison.Ordinal);
    }

    private static async Task<string> GetTokenAsync(DockerRegistryProcess registry, params string[] scopes)
    {
        using var client = new HttpClient();
        var challenge = (await client.GetAsync(new Uri(registry.BaseUri, "/v2/"), TestContext.Current.CancellationToken)).Headers.WwwAuthenticate.ToString();
        var service = challenge.Split("service=\"")[1].Split('"')[0];
        client.DefaultRequestHeaders.Authorization = new("Basic", AuthHome.Encode($"{registry.User.Name}:{registry.User.Password}"));
        var text = await client.GetStringAsync(
            new Uri($"{registry.Tokens!.Realm}?service={service}&{string.Join('&', scopes.Select(s => "scope=" + s))}"), TestContext.Current.CancellationToken);
        using var document = System.Text.Json.JsonDocument.Parse(text);
        return document.RootElement.GetProperty("token").GetString()!;
    }

    private static async Task<DockerRegistryProcess> SeededAsync(DockerRegistryMode mode)
    {
        var registry = await DockerRegistryProcess.StartAsync(mode);
        await Seeder.PushAsync(ImageFactory.Create(), registry.BaseUri, "team/a", ["1"], registry.Credentials, TestContext.Current.CancellationToken);
        return registry;
    }

    private static async Task<IReadOnlyList<OciSyncResult>> CopyAsync(OciEngine engine, DockerRegistryProcess registry)
    {
        var rows = new List<OciSyncResult>();
        var request = Run.Request([$"{registry.Address}/team/a:1"], registry.Address + "/team/copies");
        await engine.SyncAsync(request, outcome => rows.Add(outcome.Row), null, TestContext.Current.CancellationToken);
        return rows;
    }

    private static Task<OciSync.Core.Removing.OciRemovedImage?> DeleteAsync(
        OciEngine engine, DockerRegistryProcess registry, string repository = "team/copies/a") =>
        engine.RemoveAsync(ImageLocation.Parse($"{registry.Address}/{repository}:1"), false, _ => Task.FromResult(true), TestContext.Current.CancellationToken);

    private static bool Tells(string text, TestCredentials user) =>
        text.Contains(user.Password, StringComparison.Ordinal) || text.Contains(AuthHome.Encode(user.Name + ":" + user.Password), StringComparison.Ordinal);

    private static void SetUp(AuthHome home, Dictionary<string, RegistryCredential> given, string place, string address)
    {
        var login = RegistryCredential.FromPassword("alice", "s3cret");
        var file = AuthHome.Login(address, "alice", "s3cret");
        switch (place)
        {
            case "given":
                given[address] = login;
                break;
            case "session":
                home.Sessions.Set(address, new ConnectionSettings(), login);
                break;
            case "session-namespace":
                home.Sessions.Set(address, new ConnectionSettings(), RegistryCredential.FromPassword("nobody", "x"));
                home.Sessions.Set(address + "/team", new ConnectionSettings(), login);
                break;
            case "authfile":
                home.Write("named.json", file);
                break;
            case "variable":
                home.Variables["REGISTRY_AUTH_FILE"] = home.Write("variable.json", file);
                break;
            case "runtime":
                home.Write(OperatingSystem.IsLinux() ? "run/containers/auth.json" : ".config/containers/auth.json", file);
                break;
            case "config":
                home.Write(".config/containers/auth.json", file);
                break;
            case "docker-auth":
                home.WriteDocker(file);
                break;
            case "docker-username":
                home.WriteDocker($$"""{"auths": {"http://{{address}}": {"username": "alice", "password": "s3cret"} } }""");
                break;
            case "docker-namespace":
                home.WriteDocker($$"""{"auths": {"{{address}}": {"username": "nobody"}, "{{address}}/team": {"username": "alice", "password": "s3cret"} } }""");
                break;
            case "dockercfg":
                home.Write(".dockercfg", $$"""{"{{address}}": {"auth": "{{AuthHome.Encode("alice:s3cret")}}"} }""");
                break;
            default:
                home.WriteHelper("test", """if [ "$1" = get ]; then echo '{"Username":"alice","Secret":"s3cret"}'; else echo '{}'; fi""");
                home.WriteDocker(place == "credsStore" ? """{"credsStore": "test"}""" : $$"""{"credHelpers": {"{{address}}": "test"} }""");
                break;
        }
    }
}
