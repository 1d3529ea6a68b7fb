using OciSync.Module.Tests.LongRuns;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Module.Tests;

/// <summary>Libraries that few runs need are loaded by those alone.</summary>
public sealed class LoadedLibrariesTests
{
    private const string Loaded =
        "[AppDomain]::CurrentDomain.GetAssemblies().ForEach({ $_.GetName().Name }) -contains 'BouncyCastle.Cryptography'";

    [Fact]
    public async Task A_run_that_asks_nothing_of_signatures_loads_no_library_for_them()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("team/app", ImageFactory.Create(), "1");
        using var folder = new TemporaryFolder();
        var output = await HostRun.RunAsync(
            $$"""
            Set-Location '{{folder.Path}}'
            (Copy-OciImage {{registry.Address}}/team/app:1 {{registry.Address}}/copy/app:1).Status
            Set-Content policy.json '{"default": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "policy.json"}]}'
            (Test-OciPolicy {{registry.Address}}/team/app:1 -Path policy.json).Decision
            {{Loaded}}
            """);
        Assert.Equal(["Copied", "Reject", "False"], output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }
}
