using System.Management.Automation;

namespace OciSync.PowerShell.Shared;

/// <summary>What a report is compared with, for <see cref="SharedParametersAttribute"/>.</summary>
internal abstract class ReportParameters
{
    /// <summary>An earlier run for the page to compare with: its file of JSON lines, or its rows.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject[] Previous { get; set; } = [];
}
