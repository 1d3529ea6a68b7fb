namespace OciSync.EngineHost.Tests.Pester;

public sealed class ForEachTests
{
    [Theory]
    [InlineData("It 'v <_>' -ForEach 1, 'x' { $_ | Should -BeIn 1, 'x' }", "v 1:Passed v x:Passed")]
    [InlineData("It '<n> is <v.Length>' -TestCases @{ n = 'a'; v = 'abc' } { $v | Should -Be 'abc'; $_.n | Should -Be 'a' }", "a is 3:Passed")]
    [InlineData("It 'lit `<n`> $n `\"q`\"' -TestCases @{ n = 1 } { }", "lit <n> $n `\"q`\":Passed")]
    [InlineData("It 'none <missing>' { }", "none :Passed")]
    [InlineData("Context 'c <n>' -ForEach @{ n = 1 }, @{ n = 2 } { BeforeAll { $m = $n + 1 }; It 't <m>' { $m | Should -Be ($n + 1) } }", "t 2:Passed t 3:Passed")]
    [InlineData("$rows = @{ n = 1 }, @{ n = 2 }; It 't <n>' -ForEach $rows { }", "t 1:Passed t 2:Passed")]
    [InlineData("It 's <_>' -Skip -ForEach 1, 2 { }", "s 1:Skipped s 2:Skipped")]
    public void Data_is_visible_and_names_are_filled_in(string body, string expected) =>
        Assert.Equal(expected, PesterRun.Outcome($"Describe 'd' {{ {body} }}"));

    [Fact]
    public void A_block_sees_its_data_at_discovery() => Assert.Equal(
        "t 1:Passed t 1:Passed t 2:Passed",
        PesterRun.Outcome("Describe 'd <n>' -ForEach @{ n = 1 }, @{ n = 2 } { foreach ($i in 1..(3 - $n)) { It 't <n>' { $n | Should -BeIn 1, 2 } } }"));

    [Fact]
    public void Paths_carry_the_names_of_the_blocks() => Assert.Equal(
        ["d 1.c.t"],
        PesterRun.Run("Describe 'd <_>' -ForEach 1 { Context 'c' { It 't' { } } }").Tests.Select(static test => test.ExpandedPath));
}
