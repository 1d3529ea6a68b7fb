using System.Collections.Concurrent;
using System.Net.Http;
using System.Text.Json;
using OciSync.Core.AuthFiles;
using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.Auth;

/// <summary>
/// Azure's registries give a refresh token of their own for an access token of Entra (Azure Container Registry, "AAD integration":
/// <c>POST /oauth2/exchange</c>). It is fetched once, is good for three hours, and logs in from then on. An access
/// token of Azure is sent to hosts of Azure's registries alone.
/// </summary>
public sealed class AzureExchange
{
    private static readonly string[] Domains = [".azurecr.io", ".azurecr.cn", ".azurecr.us"];

    private readonly string _registry;
    private readonly LoginEnds _ends;
    private readonly ConcurrentDictionary<RegistryCredential, RegistryCredential> _exchanged = new();

    internal AzureExchange(string registry, LoginEnds ends)
    {
        _registry = registry;
        _ends = ends;
    }

    /// <summary>Whether a registry is one of Azure's, by its name.</summary>
    public static bool IsAzure(string registry) =>
        Domains.Any(d => RegistryHost.Split(registry).Host.EndsWith(d, StringComparison.OrdinalIgnoreCase));

    /// <summary>The refresh token that an access token of Azure is exchanged for; any other login is what it is.</summary>
    /// <param name="credential">The login.</param>
    /// <param name="realm">The token server that the registry named.</param>
    /// <param name="service">The service that the registry named.</param>
    /// <param name="send">Sends the request, and gives the answer's body.</param>
    /// <exception cref="OciException">The registry is none of Azure's, or refuses the token.</exception>
    internal async Task<RegistryCredential?> ExchangeAsync(
        RegistryCredential? credential, Uri realm, string? service, Func<HttpRequestMessage, Task<byte[]>> send)
    {
        if (credential is not { IsAzureToken: true })
        {
            return credential;
        }

        if (_exchanged.TryGetValue(credential, out var known) && !_ends.IsOver(known))
        {
            _ends.Check(known);
            return known;
        }

        if (!IsAzure(_registry) || realm.Scheme != "https" || !IsAzure(realm.Authority))
        {
            throw new OciException(
                OciErrorKind.Unauthorized,
                $"An access token of Azure goes to Azure's registries alone (name{Domains[0]}, by https), and '{_registry}' with the "
                    + $"token server '{realm.Authority}' is none.");
        }

        _ends.Check(credential);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"https://{realm.Authority}/oauth2/exchange"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "access_token",
                ["service"] = service ?? _registry,
                ["access_token"] = credential.Secret,
            }),
        };
        var exchanged = RegistryCredential.FromIdentityToken(Read(await send(request).ConfigureAwait(false)));
        _exchanged[credential] = exchanged;
        return exchanged;
    }

    private string Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("refresh_token", out var token)
                && token.ValueKind == JsonValueKind.String && token.GetString() is { Length: > 0 } text
                    ? text
                    : throw new OciException(OciErrorKind.ProtocolError, $"'{_registry}' answered the exchange of the access token without a refresh token.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new OciException(OciErrorKind.ProtocolError, $"'{_registry}' answered the exchange of the access token with something that is not JSON.", e);
        }
    }
}
