using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;

namespace OciSync.Testing.Pki;

/// <summary>A token server whose signed tokens the distribution registry accepts.</summary>
public sealed class JwtTokenServer : IAsyncDisposable
{
    private readonly X509Certificate2 certificate;
    private readonly TokenService rights;
    private readonly TimeSpan lifetime;
    private readonly ConcurrentQueue<TokenRequest> requests = new();
    private LoopbackServer? server;

    private JwtTokenServer(X509Certificate2 certificate, AuthOptions options)
    {
        this.certificate = certificate;
        rights = new TokenService(options);
        lifetime = options.TokenLifetime;
    }

    /// <summary>The issuer claim.</summary>
    public const string Issuer = "ocisync-token";

    /// <summary>Where tokens are to be had.</summary>
    public string Realm => $"http://127.0.0.1:{server?.Port}/token";

    /// <summary>What was asked.</summary>
    public IReadOnlyList<TokenRequest> Requests => [.. requests];

    /// <summary>Starts a server that signs with the token certificate.</summary>
    public static async Task<JwtTokenServer> StartAsync(TestPki pki, AuthOptions options)
    {
        var tokens = new JwtTokenServer(pki.TokenCertificate, options);
        tokens.server = await LoopbackServer.StartAsync(0, null, http2: false, tokens.HandleAsync);
        return tokens;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        var form = await TokenRequestForm.ReadAsync(context.Request);
        var user = rights.Login(form.Credentials);
        if (form.Credentials is not null && user is null)
        {
            requests.Enqueue(new TokenRequest(form.Method, null, form.Scopes, [], form.GrantType, 401));
            await context.WriteErrorAsync(new RegistryException(401, "UNAUTHORIZED", "incorrect username or password"));
            return;
        }

        var granted = rights.Grant(user, form.Scopes);
        requests.Enqueue(new TokenRequest(
            form.Method, user?.Name, form.Scopes, [.. granted.Select(scope => scope.ToString())], form.GrantType, 200));
        var token = Sign(user?.Name ?? "", form.Service ?? "", granted);
        await context.WriteJsonAsync(200, new JsonObject
        {
            ["token"] = token,
            ["access_token"] = token,
            ["expires_in"] = (int)lifetime.TotalSeconds,
            ["issued_at"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        });
    }

    private string Sign(string subject, string service, IEnumerable<Scope> granted)
    {
        var now = DateTimeOffset.UtcNow;
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "RS256", ["x5c"] = new JsonArray(Convert.ToBase64String(certificate.RawData)) };
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = subject,
            ["aud"] = service,
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["nbf"] = now.AddSeconds(-10).ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["access"] = new JsonArray([.. granted.Select(Access)]),
        };
        var text = $"{Encode(header)}.{Encode(claims)}";
        using var key = certificate.GetRSAPrivateKey() ?? throw new InvalidOperationException("The token certificate has no key.");
        var signature = key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}";
    }

    private static JsonObject Access(Scope scope) => new()
    {
        ["type"] = scope.Type,
        ["name"] = scope.Name,
        ["actions"] = new JsonArray([.. scope.Actions.Select(action => (JsonNode)action)]),
    };

    private static string Encode(JsonObject part) =>
        System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
