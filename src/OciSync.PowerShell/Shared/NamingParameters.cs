using System.Management.Automation;
using OciSync.Core.Requests;

namespace OciSync.PowerShell.Shared;

/// <summary>How images are named below a destination, for <see cref="SharedParametersAttribute"/>.</summary>
internal abstract class NamingParameters
{
    // A number, not the enum: a field of a value type of the engine's would make PowerShell look for the engine before it can be found.
    private int _naming = (int)DestinationNaming.Leaf;

    /// <summary>What images are called below the destination: the last part of their path, the whole path, host and path, or the path with dashes.</summary>
    [Parameter]
    public DestinationNaming Naming
    {
        get => (DestinationNaming)_naming;
        set => _naming = (int)value;
    }
}
