using OciSync.Core.AuthFiles;

namespace OciSync.PowerShell.Parameters;

/// <summary>How the registries of one side of a copy are logged in to.</summary>
/// <param name="parameter">The parameter that says so.</param>
/// <param name="credential">The login, or that there is none; null where a file says.</param>
/// <param name="authFile">The only file with logins, or null.</param>
internal sealed class SideLogin(string parameter, RegistryCredential? credential, string? authFile)
{
    internal string Parameter { get; } = parameter;

    internal RegistryCredential? Credential { get; } = credential;

    internal string? AuthFile { get; } = authFile;

    internal bool IsAnonymous => Credential?.IsAnonymous == true;

    /// <summary>It was typed for one registry, and goes to no other.</summary>
    internal bool IsForOne => Credential is not null && !IsAnonymous;

    /// <summary>The other side has the same.</summary>
    internal bool IsSame(SideLogin other) => AuthFile == other.AuthFile && (Credential?.IsSame(other.Credential) ?? other.Credential is null);
}
