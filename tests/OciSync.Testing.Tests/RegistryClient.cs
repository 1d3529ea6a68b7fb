using System.Net;
using System.Net.Http.Headers;
using OciSync.Testing.Registry;

namespace OciSync.Testing.Tests;

/// <summary>Raw HTTP against a registry, one method for each request that tests make often.</summary>
internal sealed class RegistryClient : IDisposable
{
    private readonly HttpClient http;

    internal RegistryClient(EmbeddedRegistry registry)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        http = new HttpClient(handler) { BaseAddress = registry.BaseUri, Timeout = TimeSpan.FromSeconds(20) };
    }

    internal static CancellationToken Token => TestContext.Current.CancellationToken;

    internal AuthenticationHeaderValue? Authorization
    {
        set => http.DefaultRequestHeaders.Authorization = value;
    }

    internal async Task<HttpResponseMessage> SendAsync(
        string method, string path, byte[]? body = null, string? type = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type ?? "application/octet-stream");
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    internal async Task<string> StartUploadAsync(string repository)
    {
        using var response = await SendAsync("POST", $"/v2/{repository}/blobs/uploads/");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return Location(response);
    }

    internal async Task<string> PushBlobAsync(string repository, byte[] bytes)
    {
        var digest = ContentDigest.Of(bytes);
        var location = await StartUploadAsync(repository);
        using var response = await SendAsync("PUT", With(location, "digest=" + digest), bytes);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return digest;
    }

    internal static string Location(HttpResponseMessage response) => response.Headers.Location!.OriginalString;

    internal static string With(string location, string query) => location + (location.Contains('?') ? '&' : '?') + query;

    internal static async Task<string> ErrorAsync(HttpResponseMessage response)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync(Token));
        return (string)json!["errors"]![0]!["code"]!;
    }

    internal static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(',', values)
            : "";

    public void Dispose() => http.Dispose();
}
