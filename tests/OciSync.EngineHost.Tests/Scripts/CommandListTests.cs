using System.Management.Automation.Language;

namespace OciSync.EngineHost.Tests.Scripts;

public sealed class CommandListTests
{
    private static readonly ScriptCommands s_commands = new(Repository.Scripts);

    public static TheoryData<string> Scripts => new(Repository.Scripts);

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_of_the_project_uses_only_what_the_host_has(string script) =>
        Assert.Empty(s_commands.Problems(ScriptCommands.Parse(script)));

    [Theory]
    [InlineData("Get-Random", ":1 Get-Random")]
    [InlineData("Get-Item x -Nonsense", ":1 Get-Item -Nonsense")]
    [InlineData("Describe x { It y { Mock z } }", ":1 Mock")]
    [InlineData("curl http://x", ":1 curl")]
    public void What_the_host_lacks_is_found(string script, string problem) =>
        Assert.Equal([problem], s_commands.Problems(Parser.ParseInput(script, out _, out _)));

    [Theory]
    [InlineData("Get-Item x -Fo -ErrorAction Stop; gci | select -First 1; dotnet --info; Get-OciTag x; & $x; Invoke-SolutionBuild -Configuration Release")]
    public void What_the_host_has_is_not(string script) =>
        Assert.Empty(s_commands.Problems(Parser.ParseInput(script, out _, out _)));
}
