using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.Yaml;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Commands;

/// <summary>Every mistake in sync files, with line and column; nothing for files that are right.</summary>
[Cmdlet(VerbsDiagnostic.Test, "OciSyncConfig", HelpUri = HelpPages.Folder + "Test-OciSyncConfig.md")]
[OutputType(typeof(SyncFileMistake), typeof(bool))]
public sealed class TestOciSyncConfigCommand : PSCmdlet
{
    /// <summary>The files.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Only whether each file is right.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in SyncFiles.Find(this, Path, WriteError))
        {
            try
            {
                var file = SyncFiles.Load(path);
                file.Warnings.ToList().ForEach(WriteWarning);
                WriteObject(Quiet ? file.Mistakes.Count == 0 : file.Mistakes, enumerateCollection: true);
            }
            catch (OciException e)
            {
                WriteError(ErrorRecords.Create(e, path));
            }
        }
    }
}
