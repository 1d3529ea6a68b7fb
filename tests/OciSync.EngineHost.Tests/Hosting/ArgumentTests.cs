namespace OciSync.EngineHost.Tests.Hosting;

public sealed class ArgumentTests
{
    private const string Script = """
        param([string] $Name, [switch] $Flag, [int] $Number = 1, [Parameter(ValueFromRemainingArguments)] [string[]] $Rest)
        "$Name|$Flag|$Number|$($Rest -join '+')"
        """;

    [Theory]
    [InlineData("a b|False|1|", "a b")]
    [InlineData("n|True|1|x+y", "-Name", "n", "-Flag", "1", "x", "y")]
    [InlineData("n|False|5|", "-Name:n", "-Number", "5", "-Flag:$false")]
    [InlineData("n|False|-5|", "n", "-Number", "-5")]
    [InlineData("$x;'|False|1|", "$x;'")]
    public async Task Words_become_parameters_as_with_pwsh(string expected, params string[] words) =>
        Assert.Equal(expected, (await HostProcess.FileAsync(Script, words)).Output.TrimEnd());

    [Fact]
    public async Task The_session_is_what_scripts_expect()
    {
        var result = await HostProcess.FileAsync("\"$PSEdition $($PSVersionTable.PSVersion.Major) $($Host.Name) $(Split-Path -Leaf $PSCommandPath)\"");
        Assert.Equal("Core 7 OciSync.EngineHost script.ps1", result.Output.Trim());
    }
}
