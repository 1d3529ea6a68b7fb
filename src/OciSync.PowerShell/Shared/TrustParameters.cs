using System.Management.Automation;

namespace OciSync.PowerShell.Shared;

/// <summary>Where a policy is and where signatures are, for <see cref="SharedParametersAttribute"/>.</summary>
internal abstract class TrustParameters : OciCmdlet
{
    /// <summary>The policy (policy.json) that says whose signatures images need; without it the user's or, where there is none, the machine's.</summary>
    [Parameter]
    [Alias("Policy")]
    [ValidateNotNullOrEmpty]
    public string? PolicyPath { get; set; }

    /// <summary>The folder (registries.d) that says where signatures are; without it the user's or, where there is none, the machine's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RegistriesDirectory { get; set; }
}
