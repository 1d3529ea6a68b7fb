using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>A signer whose process is killed when its signature is there, and the list that names it is not.</summary>
public sealed class SigningKillTests
{
    [Fact]
    public async Task The_list_of_signatures_stays_as_it_was_and_the_next_run_adds_to_it()
    {
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await registry.AddAsync("app", image, "1");
        var tag = image.Digest.Replace(':', '-') + ".sig";
        string Sign(string key) => $"Add-OciSignature '{registry.Address}/app:1' -SigningKeyPath '{folder[key]}.key'";
        await HostRun.RunAsync(
            $"$null = New-OciSigningKey '{folder["a"]}' -NoPassphrase; $null = New-OciSigningKey '{folder["b"]}' -NoPassphrase; $null = {Sign("a")}");
        var before = registry.DigestOf("app", tag);
        Assert.NotNull(before);

        var writes = registry.Requests.Count("PUT", tag);
        registry.Faults.Add("PUT", tag, FaultAction.StallBeforeHeaders());
        using (var run = HostRun.Start(Sign("b")))
        {
            await registry.Requests.WaitForAsync(log => log.Count("PUT", tag) > writes, TimeSpan.FromMinutes(1));
            await run.KillAsync();
        }

        Assert.Equal(before, registry.DigestOf("app", tag));
        Assert.Equal("Added", (await HostRun.RunAsync($"({Sign("b")}).Status")).Trim());
        Assert.Equal(
            "True True",
            (await HostRun.RunAsync(
                $"\"$('a', 'b' | ForEach-Object {{ Test-OciSignature '{registry.Address}/app:1' -PublicKeyPath \"{folder.Path}/$_.pub\" -Quiet }})\"")).Trim());
    }
}
