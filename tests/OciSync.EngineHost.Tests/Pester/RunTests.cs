namespace OciSync.EngineHost.Tests.Pester;

public sealed class RunTests
{
    [Theory]
    [InlineData("It 'a' { }", "a:Passed")]
    [InlineData("It 'a' { throw 'x' }", "a:Failed")]
    [InlineData("It 'a' { [int]::Parse('x'); 1 | Should -Be 1 }", "a:Failed")]
    [InlineData("It 'a' { Write-Error 'x' -ErrorAction SilentlyContinue }", "a:Passed")]
    [InlineData("It 'a' { Write-Error 'x' -ErrorAction Stop }", "a:Failed")]
    [InlineData("It 'a' { 1 | Should -Be 2; throw 'not reached' }", "a:Failed")]
    [InlineData("It 'a' -Skip { throw 'x' }", "a:Skipped")]
    [InlineData("It 'a' { Set-ItResult -Skipped; throw 'x' }", "a:Skipped")]
    [InlineData("Context 'c' { It 'a' { } }; It 'b' { }", "a:Passed b:Passed")]
    public void A_test_passes_unless_it_throws(string body, string expected) =>
        Assert.Equal(expected, PesterRun.Outcome($"Describe 'd' {{ {body} }}"));

    [Fact]
    public void A_failed_BeforeAll_fails_the_tests_of_its_block_only()
    {
        var result = PesterRun.Run("""
            Describe 'd' {
                Context 'broken' { BeforeAll { throw 'setup' }; It 'a' { }; Context 'inner' { It 'b' { } }; AfterAll { $script:cleaned = $true } }
                It 'c' { $script:cleaned | Should -BeTrue }
            }
            """);
        Assert.Equal("a:Failed b:Failed c:Passed", PesterRun.Describe(result));
        Assert.Equal(["d.broken"], result.FailedBlocks.Select(static block => block.ExpandedPath));
    }

    [Fact]
    public void A_failed_AfterAll_fails_its_block()
    {
        var result = PesterRun.Run("Describe 'd' { It 'a' { }; AfterAll { throw 'x' } }");
        Assert.Equal(("a:Passed", 1, "Failed"), (PesterRun.Describe(result), result.FailedBlocksCount, result.Result));
    }

    [Theory]
    [InlineData("BeforeEach { throw 'x' }", "a:Failed")]
    [InlineData("AfterEach { throw 'x' }", "a:Failed")]
    public void A_failed_setup_of_each_fails_the_test(string setup, string expected) =>
        Assert.Equal(expected, PesterRun.Outcome($"Describe 'd' {{ {setup}; It 'a' {{ }} }}"));

    [Theory]
    [InlineData("Describe 'd' { It 'a' { } }\nthrow 'x'")]
    [InlineData("Describe 'd' { It 'a' { }; throw 'x' }")]
    [InlineData("Describe 'd' { It 'a' { ")]
    [InlineData("It 'a' { }")]
    [InlineData("Describe 'd' { BeforeAll { }; BeforeAll { } }")]
    [InlineData("BeforeDiscovery { throw 'x' }; Describe 'd' { It 'a' { } }")]
    [InlineData("Describe 'd' { BeforeDiscovery { $x = 1 }; It 'a' { }; throw 'x' }")]
    [InlineData("Describe 'd' { It 'a' -ForEach @() { } }")]
    [InlineData("Describe 'd' { Mock Get-Item { }; It 'a' { } }")]
    public void A_file_whose_discovery_throws_counts_as_failed(string file)
    {
        var result = PesterRun.Run(file, "Describe 'other' { It 'b' { } }");
        Assert.Equal((1, 1, "Failed"), (result.FailedContainersCount, result.PassedCount, result.Result));
        Assert.Equal(0, result.FailedCount);
    }

    [Fact]
    public void Keywords_inside_a_test_are_refused() =>
        Assert.Equal("a:Failed", PesterRun.Outcome("Describe 'd' { It 'a' { It 'b' { } } }"));

    [Fact]
    public void Skipping_a_block_runs_nothing_of_it() => Assert.Equal(
        "a:Skipped b:Passed",
        PesterRun.Outcome("""
            Describe 'd' -Skip { BeforeAll { $script:ran = 1 }; It 'a' { } }
            Describe 'e' { It 'b' { $script:ran | Should -BeNullOrEmpty } }
            """));

    [Theory]
    [InlineData("$c.Filter.Tag = 'slow'", "a:Passed b:Passed c:NotRun")]
    [InlineData("$c.Filter.ExcludeTag = 'slow'", "a:NotRun b:NotRun c:Passed")]
    [InlineData("$c.Filter.FullName = '*.c'", "a:NotRun b:NotRun c:Passed")]
    public void Filters_choose_tests(string setting, string expected) => Assert.Equal(expected, PesterRun.Describe(PesterRun.RunWith(
        setting,
        "Describe 'd' { Context 'x' -Tag slow { It 'a' { } }; It 'b' -Tag slow { }; It 'c' { } }")));

    [Fact]
    public async Task Run_Exit_ends_with_the_number_of_failures()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("a.Tests.ps1", "Describe 'd' { It 'a' { 1 | Should -Be 2 -Because 'of this' }; It 'b' { throw 'other' }; It 'c' { } }");
        var result = await HostProcess.CommandAsync($"$c = New-PesterConfiguration; $c.Run.Path = '{file}'; $c.Run.Exit = $true; Invoke-Pester -Configuration $c");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Expected 1 to be 2, because of this.", result.Output, StringComparison.Ordinal);
        Assert.Contains("Passed: 1, Failed: 2, Skipped: 0", result.Output, StringComparison.Ordinal);
    }
}
