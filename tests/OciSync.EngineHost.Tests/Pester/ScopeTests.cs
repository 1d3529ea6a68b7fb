namespace OciSync.EngineHost.Tests.Pester;

public sealed class ScopeTests
{
    [Theory]
    [InlineData("BeforeAll { $x = 1 }; Describe 'd' { It 'a' { $x | Should -Be 1 } }", "a:Passed")]
    [InlineData("Describe 'd' { BeforeAll { $x = 1 }; It 'a' { $x | Should -Be 1; $x = 2 }; It 'b' { $x | Should -Be 1 } }", "a:Passed b:Passed")]
    [InlineData("Describe 'd' { BeforeAll { function f { 5 } }; Context 'c' { It 'a' { f | Should -Be 5 } } }", "a:Passed")]
    [InlineData("Describe 'd' { BeforeEach { $x = 1 }; AfterEach { $x | Should -Be 2 }; It 'a' { $x++ } }", "a:Passed")]
    [InlineData("Describe 'd' { Context 'c' { BeforeAll { $x = 1 }; It 'a' { } }; It 'b' { $x | Should -Be $null } }", "a:Passed b:Passed")]
    [InlineData("$x = 1; Describe 'd' { $y = 2; It 'a' { \"$x$y\" | Should -Be '' } }", "a:Passed")]
    [InlineData("Describe 'd' { BeforeAll { $script:x = 1 }; It 'a' { $script:x++ }; It 'b' { $x | Should -Be 2 } }", "a:Passed b:Passed")]
    [InlineData("Describe 'd' { It 'a' { { $script:y = 1 } | Should -Not -Throw; { $z = 1 } | Should -Not -Throw; \"$y$z\" | Should -Be '1' } }", "a:Passed")]
    public void Variables_are_seen_where_Pester_shows_them(string file, string expected) => Assert.Equal(expected, PesterRun.Outcome(file));

    [Fact]
    public void Script_scope_ends_with_the_file() => Assert.Equal(
        "a:Passed b:Passed",
        PesterRun.Describe(PesterRun.Run(
            "BeforeAll { $script:x = 1 }; Describe 'd' { It 'a' { $script:x | Should -Be 1 } }",
            "Describe 'd' { It 'b' { $script:x | Should -BeNullOrEmpty } }")));

    [Fact]
    public void The_order_is_from_outside_in_and_back() => Assert.Equal(
        "a:Passed",
        PesterRun.Outcome("""
            BeforeAll { $log = [System.Collections.Generic.List[string]]::new(); $log.Add('A') }
            Describe 'd' {
                BeforeEach { $log.Add('d') }
                AfterEach { $log.Add('/d'); "$log" | Should -Be 'A C d c it /c /d' }
                Context 'c' { BeforeAll { $log.Add('C') }; BeforeEach { $log.Add('c') }; AfterEach { $log.Add('/c') }; It 'a' { $log.Add('it') } }
            }
            """));

    [Fact]
    public void The_place_of_the_file_is_known_everywhere() => Assert.Equal(
        "a:Passed",
        PesterRun.Outcome("""
            BeforeDiscovery { if (-not $PSScriptRoot) { throw 'no root' } }
            BeforeAll { $root = $PSScriptRoot; $file = Split-Path -Leaf $PSCommandPath }
            Describe 'd' { It 'a' { $root | Should -Not -BeNullOrEmpty; $PSScriptRoot | Should -Be $root; $file | Should -Be 'f0.Tests.ps1' } }
            """));

    [Fact]
    public void TestDrive_is_emptied_block_by_block() => Assert.Equal(
        "a:Passed b:Passed c:Passed",
        PesterRun.Outcome("""
            Describe 'd' {
                BeforeAll { Set-Content TestDrive:/kept x }
                Context 'c' { It 'a' { Set-Content "$TestDrive/gone" x; Test-Path TestDrive:/kept | Should -BeTrue } }
                It 'b' { Test-Path TestDrive:/gone | Should -BeFalse; Test-Path TestDrive:/kept | Should -BeTrue }
            }
            Describe 'e' { It 'c' { Get-ChildItem $TestDrive | Should -BeNullOrEmpty } }
            """));
}
