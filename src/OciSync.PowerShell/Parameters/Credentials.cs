using System.Management.Automation;
using System.Net;
using System.Security;
using OciSync.Core.AuthFiles;

namespace OciSync.PowerShell.Parameters;

/// <summary>PowerShell's credentials as the engine's.</summary>
internal static class Credentials
{
    internal static RegistryCredential From(PSCredential credential)
    {
        var plain = credential.GetNetworkCredential();

        // Windows prompts may write a leading backslash for "no domain".
        return RegistryCredential.FromPassword(credential.UserName.TrimStart('\\'), plain.Password);
    }

    internal static RegistryCredential From(SecureString token) => RegistryCredential.FromRegistryToken(Read(token));

    internal static string Read(SecureString text) => new NetworkCredential(string.Empty, text).Password;

    /// <summary>The one login a command was given, or null. Two that contradict each other end the command.</summary>
    internal static RegistryCredential? Choose(PSCmdlet cmdlet, PSCredential? credential, SecureString? token, bool anonymous)
    {
        if ((credential is null ? 0 : 1) + (token is null ? 0 : 1) + (anonymous ? 1 : 0) > 1)
        {
            var failure = new PSArgumentException("-Credential, -Token and -Anonymous exclude each other: give one of them.");
            cmdlet.ThrowTerminatingError(new ErrorRecord(failure, "OciCredentialAmbiguous", ErrorCategory.InvalidArgument, null));
        }

        return credential is not null ? From(credential) : token is not null ? From(token) : null;
    }
}
