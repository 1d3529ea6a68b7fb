using System.Management.Automation;
using OciSync.Core.Auth;

namespace OciSync.PowerShell.Commands;

/// <summary>PowerShell's credentials as the engine's.</summary>
internal static class Credentials
{
    internal static RegistryCredential From(PSCredential credential)
    {
        var plain = credential.GetNetworkCredential();

        // Windows prompts may write a leading backslash for "no domain".
        return RegistryCredential.FromPassword(credential.UserName.TrimStart('\\'), plain.Password);
    }
}
