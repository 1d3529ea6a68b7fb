using System.Management.Automation;

namespace OciSync.PowerShell.Shared;

/// <summary>Where the policy of trust is, for <see cref="SharedParametersAttribute"/>.</summary>
internal abstract class PolicyParameters : OciCmdlet
{
    /// <summary>The policy (policy.json) that says whose signatures images need; without it the user's or, where there is none, the machine's.</summary>
    [Parameter]
    [Alias("Policy")]
    [ValidateNotNullOrEmpty]
    public string? PolicyPath { get; set; }
}
