using System.Management.Automation;

namespace OciSync.PowerShell.Shared;

/// <summary>How often registries may be asked, and where something is noted from run to run, for <see cref="SharedParametersAttribute"/>.</summary>
internal abstract class RunParameters : OciCmdlet
{
    /// <summary>How many requests a registry may get: 10/s, 600/m, 5000/h for each, or docker.io=600/m for one.</summary>
    [Parameter]
    public string[] MaximumRequestRate { get; set; } = [];

    /// <summary>The folder where it is noted when tags were first seen, and how far uploads are that broke off, in place of the user's cache folder.</summary>
    [Parameter]
    public string? StatePath { get; set; }
}
