using System.Management.Automation;
using OciSync.Core.SyncFiles;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Commands;

/// <summary>What sync files ask for, one object for each repository and choice.</summary>
[Cmdlet(VerbsData.Import, "OciSyncConfig", HelpUri = HelpPages.Folder + "Import-OciSyncConfig.md")]
[OutputType(typeof(OciSyncEntry))]
public sealed class ImportOciSyncConfigCommand : PSCmdlet
{
    /// <summary>The files.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var file in SyncFiles.ReadAll(this, Path, WriteError))
        {
            file.Warnings.ToList().ForEach(WriteWarning);
            WriteObject(file.Entries, enumerateCollection: true);
        }
    }
}
