namespace OciSync.Core.Logins;

/// <summary>A login of the session.</summary>
internal sealed record SessionLogin(LoginRing Ring)
{
    /// <summary>The same login was stored for later sessions, in a place of this name.</summary>
    internal string? SavedIn { get; init; }
}
