namespace OciSync.Testing.Registry.Auth;

/// <summary>How a registry wants to know who asks.</summary>
public enum AuthMode
{
    /// <summary>Everybody may do everything.</summary>
    None,

    /// <summary>Name and password with every request.</summary>
    Basic,

    /// <summary>A token from the registry's own token endpoint.</summary>
    Token,
}
