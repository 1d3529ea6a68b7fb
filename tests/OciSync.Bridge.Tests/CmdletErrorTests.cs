using System.Management.Automation;
using System.Management.Automation.Runspaces;
using OciSync.Core.Errors;
using OciSync.PowerShell.Commands;
using OciSync.PowerShell.Errors;

namespace OciSync.Bridge.Tests;

/// <summary>Each id that the cmdlets raise themselves is provoked; those of the engine are provoked in its own tests.</summary>
public sealed class CmdletErrorTests : IDisposable
{
    // The id, and what leads to it in a folder of the test's own.
    private static readonly Dictionary<string, string> Rows = new()
    {
        ["OciReferenceInvalid"] = "Get-OciDigest 'Not A Name'",
        ["OciTagRequired"] = "Sync-OciImage -Source r.test/a -Destination r.test/b",
        ["OciCredentialAmbiguous"] = "Get-OciDigest a.test/a:1, b.test/b:1 -Credential $login -MaximumRetryCount 0",
        ["OciDestinationMissing"] = "Sync-OciImage -ConfigPath $folder/sync.yaml",
        ["OciConfirmationRequired"] = "Remove-OciImage r.test/a:1",
        ["OciConversionInvalid"] = "Copy-OciImage r.test/a:1 r.test/b:1 -IndexOnly -Format Docker",
        ["OciFileExists"] = "Export-OciSyncConfig $folder/sync.yaml -Source r.test/a:1 -NoClobber",
        ["OciFileUnwritable"] = "Export-OciSyncConfig $folder/sync.yaml/x -Source r.test/a:1",
        ["OciPathMissing"] = "Export-OciSyncConfig -Source r.test/a:1",
        ["OciFileNotFound"] = "Get-OciDigest -Path $folder/none.json",
        ["OciFileUnreadable"] = "Get-OciDigest -Path $folder/locked.json",
        ["OciPlatformInvalid"] = "Copy-OciImage r.test/a:1 r.test/b:1 -Platform what",
        ["OciReportUnwritable"] = "Sync-OciImage -Source r.test/a:1 -Destination r.test/b -ReportPath $folder/none/report.json",
        ["OciChoiceInvalid"] = "Copy-OciImage r.test/a:1 r.test/b:1 -MaximumRequestRate what",
        ["OciFindRuleUnknown"] = "Find-OciImage $folder/sync.yaml -ExcludeRule nothing",
        ["OciInputUnknown"] = "7 | Find-OciImage",
        ["OciTrustInvalid"] = "Copy-OciImage r.test/a:1 r.test/b:1 -InsecurePolicy -RequireSigned",
        ["OciUnexpected"] = string.Empty,
    };

    // Kinds of the engine's that the cmdlets alone raise.
    private static readonly OciErrorKind[] OfTheirOwn = [OciErrorKind.TagRequired, OciErrorKind.ConfirmationRequired];

    private readonly string _folder = Directory.CreateTempSubdirectory("ocisync-").FullName;

    public static TheoryData<string> Ids => [.. Rows.Keys];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_id_of_the_cmdlets_is_in_the_table() =>
        Assert.Equal(
            ErrorPageTests.IdsOfCmdlets().Concat(OfTheirOwn.Select(k => "Oci" + k)).Distinct().Order(StringComparer.Ordinal),
            Rows.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Ids))]
    public void It_can_be_provoked(string id)
    {
        var errors = id == "OciUnexpected" ? [ErrorRecords.Create(new InvalidTimeZoneException("x"), null)] : Run(Rows[id]);
        Assert.Contains(id, errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
    }

    private List<ErrorRecord> Run(string script)
    {
        File.WriteAllText(Path.Combine(_folder, "sync.yaml"), "r.test:\n  images:\n    a: ['1']\n");
        using var locked = new FileStream(Path.Combine(_folder, "locked.json"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Get-OciDigest", typeof(GetOciDigestCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Copy-OciImage", typeof(CopyOciImageCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Sync-OciImage", typeof(SyncOciImageCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Find-OciImage", typeof(FindOciImageCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Remove-OciImage", typeof(RemoveOciImageCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Export-OciSyncConfig", typeof(ExportOciSyncConfigCommand), null));
        state.Variables.Add(new SessionStateVariableEntry("folder", _folder, null));
        state.Variables.Add(
            new SessionStateVariableEntry("login", new PSCredential("alice", new System.Net.NetworkCredential("", "s3cret").SecurePassword), null));
        using var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        using var shell = System.Management.Automation.PowerShell.Create(runspace);
        shell.AddScript(script);
        try
        {
            shell.Invoke();
        }
        catch (RuntimeException e)
        {
            return [e.ErrorRecord];
        }

        return [.. shell.Streams.Error];
    }
}
