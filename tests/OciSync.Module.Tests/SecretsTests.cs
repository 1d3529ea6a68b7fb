using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Module.Tests;

/// <summary>A whole run at -Verbose -Debug: what a host shows, what a transcript writes, and what the objects hold.</summary>
public sealed class SecretsTests
{
    private const string Password = "s3cret-Passw0rd/+";
    private const string Signature = "c2lnbmVkLWJ5LW5vYm9keQ";
    private const string Wrong = "wr0ng-Passw0rd/+";

    private const string Script = """
        param($source, $destination, $credential, $wrong, $file, $trace)
        $env:GITHUB_ACTIONS = $null
        $VerbosePreference = 'Continue'
        $DebugPreference = 'Continue'
        $InformationPreference = 'Continue'
        $ErrorActionPreference = 'Continue'
        $auth = @{ AuthFilePath = $file; MaximumRetryCount = 1; RetryIntervalSec = 0 }
        Connect-OciRegistry $source -Credential $credential -Save @auth
        Connect-OciRegistry $destination -Credential $credential
        Get-OciRegistry -AuthFilePath $file
        Test-OciRegistry $source/team/a:1 @auth
        Test-OciRegistry $destination/to/a -Push -Credential $wrong @auth
        "$source/team/a:1", "$source/team/large:1", "$source/team/nope:1" | Sync-OciImage -Destination $destination/to -TracePath $trace @auth
        [IO.File]::ReadAllText($trace)
        Copy-OciImage "$source/team/a:1" "$destination/x:1" -DestinationCredential $wrong @auth
        Get-OciTag $source/team/a @auth
        Get-OciTag $source/team/a -Credential $wrong @auth
        Get-OciImageInfo $source/team/a:1 @auth
        Get-OciDigest $source/team/denied:1 @auth
        Disconnect-OciRegistry $source -AuthFilePath $file
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_that_is_shown_or_given_has_a_secret(bool token)
    {
        using var folder = new TempFolder();
        await using var source = await StartAsync(token);
        await using var destination = await StartAsync(token);
        await source.AddAsync("team/a", ImageFactory.Create(), "1");
        await source.AddSyntheticImageAsync("team/large", "1", 1_500_000);
        source.Faults.Add("HEAD", "/team/denied/", FaultAction.Respond(405), times: 10);
        source.Faults.Add(new Fault
        {
            Method = "GET",
            Predicate = r => r.Path.Value!.Contains("/team/large/blobs/", StringComparison.Ordinal) && r.Query.Count == 0,
            Action = FaultAction.Redirect("{path}?X-Amz-Signature=" + Signature),
            Times = 1000,
        });
        source.Faults.Add("GET", "/team/denied/", FaultAction.Respond(403, "DENIED", $"alice:{Password} and {Encode("alice:" + Password)}"), times: 10);

        var host = new RecordingHost();
        using var runspace = RunspaceFactory.CreateRunspace(host, InitialSessionState.CreateDefault2());
        runspace.Open();
        var text = new StringBuilder();
        foreach (var line in await Task.Run(
            () => Run(runspace, source.Address, destination.Address, folder["auth.json"], folder["trace.jsonl"]), TestContext.Current.CancellationToken))
        {
            text.AppendLine(line);
        }

        // It did what it should and told of it.
        var all = text + string.Join('\n', host.Lines.Concat(host.Progress));
        Assert.Contains("Copied", all, StringComparison.Ordinal);
        Assert.Contains("login of 'alice'", all, StringComparison.Ordinal);

        // Requests are told twice: by -Debug, and in the file of -TracePath.
        Assert.Contains($"GET http://{source.Address}/v2/team/large/blobs/sha256:", all, StringComparison.Ordinal);
        Assert.Contains("X-Amz-Signature=***", all, StringComparison.Ordinal);
        Assert.Contains("{\"kind\":\"request\"", all, StringComparison.Ordinal);
        Assert.DoesNotContain(Signature, all, StringComparison.Ordinal);
        Assert.Contains("***", all, StringComparison.Ordinal);
        Assert.Contains(host.Progress, p => p.Contains(" of 3 images", StringComparison.Ordinal));
        Assert.True(host.Lines.Count > 10, "The host should have been told.");

        foreach (var secret in new[] { Password, Wrong, "alice:" + Password, "alice:" + Wrong }.SelectMany(
            s => new[] { s, Encode(s), Uri.EscapeDataString(s) }))
        {
            Assert.DoesNotContain(secret.TrimEnd('='), all, StringComparison.Ordinal);
        }

        // Tokens of the embedded registry are two GUIDs without dashes.
        Assert.DoesNotMatch(
            "(?<![0-9a-f])[0-9a-f]{32}([0-9a-f]{32})?(?![0-9a-f])",
            System.Text.RegularExpressions.Regex.Replace(all, "sha256(:|%3A)[0-9a-f]{64}", string.Empty));
        Assert.DoesNotMatch("Bearer [A-Za-z0-9]{8}", all);
        Assert.Equal(token, source.Tokens.Requests.Count > 0);
    }

    private static List<string> Run(Runspace runspace, string source, string destination, string file, string trace)
    {
        using var shell = PowerShell.Create(runspace);
        shell.AddScript("Import-Module $args[0]").AddArgument(Paths.Manifest).Invoke();
        shell.Commands.Clear();
        shell.AddScript(Script)
            .AddArgument(source).AddArgument(destination).AddArgument(Login(Password)).AddArgument(Login(Wrong)).AddArgument(file).AddArgument(trace);
        var texts = shell.Invoke().SelectMany(Describe).ToList();
        IEnumerable[] streams =
            [shell.Streams.Error, shell.Streams.Warning, shell.Streams.Verbose, shell.Streams.Debug, shell.Streams.Information, shell.Streams.Progress];
        texts.AddRange(streams.SelectMany(s => s.Cast<object>()).SelectMany(item => Describe(PSObject.AsPSObject(item))));
        Assert.True(shell.Streams.Error.Count >= 3, string.Join('\n', texts));
        shell.Commands.Clear();
        shell.AddScript("Disconnect-OciRegistry -All; Get-Module OciSync | Remove-Module").Invoke();
        return texts;
    }

    private static IEnumerable<string> Describe(PSObject item)
    {
        yield return item.ToString();
        yield return PSSerializer.Serialize(item, 5);
        if (item.BaseObject is ErrorRecord record)
        {
            for (Exception? e = record.Exception; e is not null; e = e.InnerException)
            {
                yield return e + string.Join(' ', e.Data.Values.Cast<object?>());
            }
        }
    }

    private static PSCredential Login(string password) => new("alice", new System.Net.NetworkCredential("", password).SecurePassword);

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static Task<EmbeddedRegistry> StartAsync(bool token)
    {
        var alice = new RegistryUser("alice", Password);
        return EmbeddedRegistry.StartAsync(
            (token ? RegistryOptions.WithToken(false, alice) : RegistryOptions.WithBasic(alice)) with { BytesPerSecond = 1_000_000 });
    }
}
