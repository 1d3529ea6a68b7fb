using Microsoft.AspNetCore.Http;

namespace OciSync.Testing.Registry.Auth;

/// <summary>What a client asks a token endpoint for, by either form of the protocol.</summary>
internal sealed record TokenRequestForm(
    string Method,
    IReadOnlyList<string> Scopes,
    string? Service,
    string? GrantType,
    (string Name, string Password)? Credentials,
    string? RefreshToken)
{
    internal static async Task<TokenRequestForm> ReadAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return new TokenRequestForm(
                request.Method,
                Split(request.Query["scope"]),
                request.Query["service"],
                null,
                BasicCredentials.Read(request),
                null);
        }

        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        var grant = form["grant_type"].ToString();
        return new TokenRequestForm(
            request.Method,
            Split(form["scope"]),
            form["service"],
            grant,
            grant == "password" ? (form["username"].ToString(), form["password"].ToString()) : null,
            grant == "refresh_token" ? form["refresh_token"].ToString() : null);
    }

    private static string[] Split(Microsoft.Extensions.Primitives.StringValues values) =>
        [.. values.SelectMany(value => (value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
