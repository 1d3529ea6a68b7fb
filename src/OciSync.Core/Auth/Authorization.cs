using System.Net.Http.Headers;
using OciSync.Core.AuthFiles;

namespace OciSync.Core.Auth;

/// <summary>The header of a request, and the login it came from; each may be missing.</summary>
internal sealed record Authorization(AuthenticationHeaderValue? Header, RegistryCredential? Credential)
{
    internal static readonly Authorization None = new(null, null);

    public override string ToString() => "authorization";
}
