using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Management;

[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Path")]
public sealed class GetChildItemCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Path")]
    public string[] Path { get; set; } = ["."];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    public string[]? LiteralPath { get; set; }

    /// <summary>A wildcard on names; the file system applies it, as the original's does.</summary>
    [Parameter(Position = 1)]
    public string? Filter { get; set; }

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter File { get; set; }

    [Parameter]
    public SwitchParameter Directory { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in LiteralPath ?? Path)
        {
            try
            {
                var children = InvokeProvider.ChildItem.Get([path], Recurse, Force, LiteralPath is not null);
                WriteObject(children.Where(Wanted), enumerateCollection: true);
            }
            catch (RuntimeException e) when (e is SessionStateException or ProviderInvocationException)
            {
                WriteError(new ErrorRecord(e.ErrorRecord, e));
            }
        }
    }

    private bool Wanted(PSObject child)
    {
        var isDirectory = child.BaseObject is DirectoryInfo;
        return (File == Directory || isDirectory == Directory)
            && (Filter is null || new WildcardPattern(Filter, WildcardOptions.IgnoreCase).IsMatch((string)child.Properties["PSChildName"].Value));
    }
}
