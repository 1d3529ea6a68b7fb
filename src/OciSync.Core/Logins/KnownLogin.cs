namespace OciSync.Core.Logins;

/// <summary>A login that is stored somewhere. It holds no secret.</summary>
public sealed class KnownLogin
{
    internal KnownLogin(string registry, string? username, string place)
    {
        Registry = registry;
        Username = username;
        Place = place;
    }

    /// <summary>The registry, or registry and namespace.</summary>
    public string Registry { get; }

    /// <summary>The user; null when the place doesn't say before it is asked for the secret.</summary>
    public string? Username { get; }

    /// <summary>Where it is.</summary>
    public string Place { get; }
}
