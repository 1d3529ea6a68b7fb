namespace OciSync.EngineHost.Tests.Hosting;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("'done'", 0)]
    [InlineData("throw 'no'", 1)]
    [InlineData("Write-Error 'no'", 0)]
    [InlineData("$ErrorActionPreference = 'Stop'; Write-Error 'no'", 1)]
    [InlineData("function f { exit 4 }; f", 4)]
    [InlineData("try { exit 5 } finally { 'cleaned' }", 5)]
    [InlineData("if (", 1)]
    public async Task A_file_ends_with_the_code_that_pwsh_gives(string script, int expected) =>
        Assert.Equal(expected, (await HostProcess.FileAsync(script)).ExitCode);

    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("1", 0)]
    [InlineData("throw 'no'", 1)]
    [InlineData("Write-Error 'no'", 1)]
    [InlineData("Write-Error 'no'; 1", 0)]
    public async Task A_command_ends_with_the_code_that_pwsh_gives(string script, int expected) =>
        Assert.Equal(expected, (await HostProcess.CommandAsync(script)).ExitCode);

    [Fact]
    public async Task A_called_script_that_exits_ends_itself_only()
    {
        using var folder = new TemporaryFolder();
        var inner = folder.Write("inner.ps1", "exit 7");
        var result = await HostProcess.FileAsync($"& '{inner}'; \"code $LASTEXITCODE\"; exit 2");
        Assert.Equal((2, "code 7"), (result.ExitCode, result.Output.Trim()));
    }

    [Theory]
    [InlineData("-Nonsense")]
    [InlineData("-File")]
    public async Task Unknown_options_are_usage_errors(string option)
    {
        var result = await HostProcess.RunAsync(option);
        Assert.Equal(64, result.ExitCode);
        Assert.Contains("usage:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_an_error()
    {
        var result = await HostProcess.RunAsync("-File", "/nowhere/at-all.ps1");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("at-all.ps1", result.Error, StringComparison.Ordinal);
    }
}
