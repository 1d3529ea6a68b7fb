using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using static OciSync.Testing.Tests.RegistryClient;

namespace OciSync.Testing.Tests.Registry;

public sealed class AuthTests
{
    private static readonly RegistryUser Alice = new("alice", "s3cret");
    private static readonly RegistryUser Bob = new("bob", "pw") { CanPush = false };

    [Fact]
    public async Task Basic_logins()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithBasic(Alice, Bob));
        using var client = new RegistryClient(registry);
        using var anonymous = await client.SendAsync("GET", "/v2/");
        Assert.StartsWith("Basic realm=", Header(anonymous, "WWW-Authenticate"), StringComparison.Ordinal);
        client.Authorization = Basic("alice", "wrong");
        using var wrong = await client.SendAsync("GET", "/v2/");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        client.Authorization = Basic("bob", "pw");
        using var read = await client.SendAsync("GET", "/v2/");
        using var push = await client.SendAsync("POST", "/v2/a/blobs/uploads/");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, push.StatusCode);
        Assert.Equal(["Basic", "bob"], [registry.Requests.Last().AuthorizationScheme, registry.Requests.Last().User]);
    }

    [Fact]
    public async Task Token_challenges_name_the_scopes()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(anonymousPull: true, Alice));
        using var client = new RegistryClient(registry);
        using var root = await client.SendAsync("GET", "/v2/");
        using var mount = await client.SendAsync("POST", $"/v2/lib/b2/blobs/uploads/?mount={ContentDigest.Of("x"u8)}&from=lib/b1");
        using var catalog = await client.SendAsync("GET", "/v2/_catalog");
        Assert.Equal($"Bearer realm=\"{registry.BaseUri}token\",service=\"registry.test\"", Header(root, "WWW-Authenticate"));
        Assert.Contains("scope=\"repository:lib/b2:pull,push repository:lib/b1:pull\"", Header(mount, "WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Contains("scope=\"registry:catalog:*\"", Header(catalog, "WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_give_what_the_user_may()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(anonymousPull: true, Alice));
        using var client = new RegistryClient(registry);
        client.Authorization = Bearer(await TokenAsync(client, "/token?service=registry.test&scope=repository:a:pull,push"));
        using var refused = await client.SendAsync("POST", "/v2/a/blobs/uploads/");
        Assert.Contains("error=\"insufficient_scope\"", Header(refused, "WWW-Authenticate"), StringComparison.Ordinal);

        client.Authorization = Basic("alice", "s3cret");
        client.Authorization = Bearer(await TokenAsync(client, "/token?service=registry.test&scope=repository:a:pull,push&scope=repository:b:pull"));
        await client.PushBlobAsync("a", [1, 2, 3]);
        registry.Tokens.RevokeAll();
        using var revoked = await client.SendAsync("GET", "/v2/");
        Assert.Contains("error=\"invalid_token\"", Header(revoked, "WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal([null, "alice"], registry.Tokens.Requests.Select(request => request.User));
        Assert.Equal(["repository:a:pull"], registry.Tokens.Requests[0].Granted);
        Assert.Equal(["repository:a:pull,push", "repository:b:pull"], registry.Tokens.Requests[1].Scopes);
    }

    [Fact]
    public async Task The_post_form_with_password_and_refresh_token()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(anonymousPull: false, Alice));
        using var client = new RegistryClient(registry);
        using var password = await PostAsync(client, "grant_type=password&service=registry.test&scope=repository:a:pull&username=alice&password=s3cret");
        var refresh = (string)JsonNode.Parse(await password.Content.ReadAsStringAsync(Token))!["refresh_token"]!;
        using var again = await PostAsync(client, $"grant_type=refresh_token&service=registry.test&scope=repository:a:pull&refresh_token={refresh}");
        using var wrong = await PostAsync(client, "grant_type=password&service=registry.test&username=alice&password=no");
        Assert.Equal([200, 200, 401], registry.Tokens.Requests.Select(request => request.Status));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }

    [Fact]
    public async Task The_seeder_and_the_reader_log_in()
    {
        var options = RegistryOptions.WithToken(anonymousPull: false, Alice);
        await using var registry = await EmbeddedRegistry.StartAsync(options);
        var image = ImageFactory.Create();
        var credentials = new TestCredentials("alice", "s3cret");
        await Seeder.PushAsync(image, registry.BaseUri, "a", ["t"], credentials, Token);
        using var reader = new RawRegistryReader(registry.BaseUri, credentials);
        Assert.Equal(image.Digest, (await reader.VerifyAsync("a", "t", Token))[0]);
        Assert.Equal(2, registry.Tokens.Requests.Count);
    }

    private static Task<HttpResponseMessage> PostAsync(RegistryClient client, string form) =>
        client.SendAsync("POST", "/token", Encoding.ASCII.GetBytes(form), "application/x-www-form-urlencoded");

    private static async Task<string> TokenAsync(RegistryClient client, string path)
    {
        using var response = await client.SendAsync("GET", path);
        return (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!["token"]!;
    }

    private static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    private static AuthenticationHeaderValue Basic(string name, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
}
