using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Management;

[Cmdlet(VerbsCommon.New, "Item", SupportsShouldProcess = true)]
public sealed class NewItemCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Type")]
    public string? ItemType { get; set; }

    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target")]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            if (ShouldProcess(path, "Create"))
            {
                Create(path);
            }
        }
    }

    private void Create(string path)
    {
        try
        {
            // The provider's intrinsic has no -Force; on a folder that exists -Force gives back the folder.
            var target = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
            var isDirectory = string.Equals(ItemType, "Directory", StringComparison.OrdinalIgnoreCase);
            if (Force && isDirectory)
            {
                WriteObject(Directory.CreateDirectory(target));
                return;
            }

            if (Force)
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
                File.Delete(target);
            }

            WriteObject(InvokeProvider.Item.New(path, string.Empty, ItemType!, Value!), enumerateCollection: true);
        }
        catch (RuntimeException e) when (e is ProviderInvocationException or System.Management.Automation.DriveNotFoundException)
        {
            WriteError(new ErrorRecord(e.ErrorRecord, e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(e, "NewItem" + e.GetType().Name, ErrorCategory.WriteError, path));
        }
    }
}
