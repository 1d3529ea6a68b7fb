using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace OciSync.Testing.Images;

/// <summary>A plain client for registries: answers one challenge a repository, follows nothing, retries nothing.</summary>
internal sealed partial class RawHttp : IDisposable
{
    private readonly HttpClient client;
    private readonly Dictionary<string, AuthenticationHeaderValue> authorizations = new(StringComparer.Ordinal);
    private readonly TestCredentials? credentials;

    internal RawHttp(TestCredentials? credentials)
    {
        this.credentials = credentials;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = true, UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        client = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("ocisync-testing/1.0");
    }

    internal async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, string repository, CancellationToken token)
    {
        var response = await SendOnceAsync(make, repository, token);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        var challenge = response.Headers.WwwAuthenticate.ToString();
        response.Dispose();
        authorizations[repository] = await AnswerAsync(challenge, token);
        return await SendOnceAsync(make, repository, token);
    }

    public void Dispose() => client.Dispose();

    private async Task<HttpResponseMessage> SendOnceAsync(Func<HttpRequestMessage> make, string repository, CancellationToken token)
    {
        using var request = make();
        request.Headers.Authorization = authorizations.GetValueOrDefault(repository);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
    }

    private async Task<AuthenticationHeaderValue> AnswerAsync(string challenge, CancellationToken token)
    {
        if (!challenge.StartsWith("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return credentials is null
                ? throw new InvalidOperationException($"The registry wants a login: {challenge}")
                : new AuthenticationHeaderValue("Basic", credentials.ToBasic());
        }

        var values = ChallengeParameter().Matches(challenge).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        var scopes = values.GetValueOrDefault("scope", "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var query = string.Join('&', scopes.Select(scope => "scope=" + Uri.EscapeDataString(scope)).Prepend("service=" + values["service"]));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{values["realm"]}?{query}");
        if (credentials is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials.ToBasic());
        }

        using var response = await client.SendAsync(request, token);
        response.EnsureSuccessStatusCode();
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(token))!;
        return new AuthenticationHeaderValue("Bearer", (string?)(json["token"] ?? json["access_token"]));
    }

    [System.Text.RegularExpressions.GeneratedRegex("([a-z_]+)=\"([^\"]*)\"")]
    private static partial System.Text.RegularExpressions.Regex ChallengeParameter();
}
