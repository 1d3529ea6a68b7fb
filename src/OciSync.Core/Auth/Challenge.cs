namespace OciSync.Core.Auth;

/// <summary>One challenge of a <c>WWW-Authenticate</c> header (RFC 9110, 11.6.1).</summary>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    internal bool IsBearer => string.Equals(Scheme, "Bearer", StringComparison.OrdinalIgnoreCase);

    internal bool IsBasic => string.Equals(Scheme, "Basic", StringComparison.OrdinalIgnoreCase);

    internal string? Realm => Find("realm");

    internal string? Service => Find("service");

    internal string? Scope => Find("scope");

    internal string? Error => Find("error");

    private string? Find(string name) => Parameters.TryGetValue(name, out var value) ? value : null;
}
