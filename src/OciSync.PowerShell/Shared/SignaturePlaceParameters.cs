using System.Management.Automation;

namespace OciSync.PowerShell.Shared;

/// <summary>Where signatures are, for <see cref="SharedParametersAttribute"/>.</summary>
internal abstract class SignaturePlaceParameters : OciCmdlet
{
    /// <summary>The folder (registries.d) that says where signatures are; without it the user's or, where there is none, the machine's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RegistriesDirectory { get; set; }
}
