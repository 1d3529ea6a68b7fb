using OciSync.Core.AuthFiles;

namespace OciSync.Core.Logins;

/// <summary>Logins and the place they were found in; one, or several that are used in turn.</summary>
internal sealed record FoundCredential(LoginRing Logins, string Place)
{
    internal FoundCredential(RegistryCredential credential, string place)
        : this(new LoginRing([credential]), place)
    {
    }
}
