using System.Management.Automation.Runspaces;
using OciSync.PowerShell.Commands;

namespace OciSync.Bridge.Tests;

/// <summary>Warnings of other digests come when there are other digests.</summary>
public sealed class ChangeWarningTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ocisync-").FullName;

    public ChangeWarningTests()
    {
        var content = Path.Combine(_folder, "content");
        Directory.CreateDirectory(content);
        File.WriteAllText(Path.Combine(content, "x"), "x");
        System.Formats.Tar.TarFile.CreateFromDirectory(content, Path.Combine(_folder, "layer.tar"), includeBaseDirectory: false);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_compression_that_changes_something_warns_and_one_that_changes_nothing_does_not()
    {
        Assert.Contains("other digests", Assert.Single(Copy(At("tarball", "layer.tar"), At("oci", "one:a"), "-Compression Gzip")), StringComparison.Ordinal);
        Assert.Empty(Copy(At("oci", "one:a"), At("oci", "two:a"), "-Compression Gzip"));
        Assert.Single(Copy(At("oci", "one:a"), At("oci", "three:a"), "-Format Docker"));
    }

    [Fact]
    public void A_platform_that_is_all_there_is_does_not_warn() =>
        Assert.Empty(Copy(At("tarball", "layer.tar"), At("oci", "one:a"), "-Platform linux/amd64, linux/arm64 -ExcludeAttestation"));

    private string At(string transport, string name) => $"{transport}:{_folder}/{name}";

    private List<string> Copy(string source, string destination, string parameters)
    {
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Copy-OciImage", typeof(CopyOciImageCommand), null));
        using var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        using var shell = System.Management.Automation.PowerShell.Create(runspace);
        shell.AddScript($"Copy-OciImage '{source}' '{destination}' {parameters}");
        var rows = shell.Invoke();
        Assert.Equal("Copied ", $"{Assert.Single(rows).Properties["Status"].Value} {rows[0].Properties["Error"].Value}");
        return [.. shell.Streams.Warning.Select(w => w.Message)];
    }
}
