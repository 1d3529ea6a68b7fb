using System.Management.Automation;
using System.Security;
using OciSync.Core.AuthFiles;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Shared;

/// <summary>The login of cmdlets that talk to one registry, for <see cref="SharedParametersAttribute"/>.</summary>
internal abstract class LoginParameters : OciCmdlet
{
    /// <summary>The login for the registry.</summary>
    [Parameter]
    [Login]
    public PSCredential? Credential { get; set; }

    /// <summary>A bearer token that the registry itself takes.</summary>
    [Parameter]
    [Alias("RegistryToken")]
    public SecureString? Token { get; set; }

    /// <summary>No login, wherever there may be one.</summary>
    [Parameter]
    [Alias("NoCreds")]
    public SwitchParameter Anonymous { get; set; }

    private protected override bool IsAnonymous => Anonymous;

    // Two that exclude each other end the command here.
    private RegistryCredential? GivenLogin => Credentials.Choose(this, Credential, Token, Anonymous);
}
