namespace OciSync.EngineHost.Tests.Pester;

public sealed class ShouldTests
{
    public static TheoryData<string> Holding => new(
        "1 | Should -Be 1", "'A' | Should -Be 'a'", "1 | Should -Be '1'", "$null | Should -Be $null", "1, 2 | Should -Be 1, 2",
        "1, 2 | Should -Be @(1, 2)", "@() | Should -Be @()", "@() | Should -Be $null", "'a' | Should -BeExactly 'a'",
        "1 | Should -BeTrue", "'' | Should -BeFalse", "@() | Should -BeNullOrEmpty", "'' | Should -BeNullOrEmpty", "@{} | Should -BeNullOrEmpty",
        "'Abc' | Should -BeLike 'a*'", "'Abc' | Should -Match '^a.c$'", "1, 2, 3 | Should -HaveCount 3", "@() | Should -HaveCount 0",
        "$null | Should -HaveCount 1", "1, 2 | Should -Contain 2", "2 | Should -BeIn 1, 2", "1, 2 | Should -BeIn 1, 2, 3",
        "2 | Should -BeGreaterThan 1", "2 | Should -BeGreaterOrEqual 2", "1 | Should -BeLessThan 2", "2 | Should -BeLessOrEqual 2",
        "1 | Should -BeOfType int", "1 | Should -BeOfType [int]", "1 | Should -BeOfType ([int])", "[pscustomobject]@{ A = 1 } | Should -Not -BeNullOrEmpty",
        "Should -ActualValue 1, 2 -HaveCount 2", "{ throw 'x' } | Should -Throw", "{ throw 'abc' } | Should -Throw 'a*'",
        "{ Write-Error 'x' -ErrorAction SilentlyContinue } | Should -Not -Throw", "{ throw [ArgumentException]'x' } | Should -Throw -ExceptionType ([ArgumentException])",
        "{ Get-Item no -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'", "({ throw 'abc' } | Should -Throw -PassThru).Exception.Message | Should -Be 'abc'");

    public static TheoryData<string> Failing => new(
        "1 | Should -Be 2", "'A' | Should -BeExactly 'a'", "1, 2 | Should -Be 1", "1 | Should -Be $null", "$null | Should -BeTrue", "1 | Should -BeFalse",
        "'a' | Should -BeNullOrEmpty", "'b' | Should -BeLike 'a*'", "'b' | Should -Match 'a'", "1 | Should -HaveCount 2", "1, 2 | Should -Contain 3",
        "3 | Should -BeIn 1, 2", "1, 4 | Should -BeIn 1, 2", "1 | Should -BeGreaterThan 1", "1 | Should -BeGreaterOrEqual 2", "2 | Should -BeLessThan 2",
        "2 | Should -BeLessOrEqual 1", "'1' | Should -BeOfType int", "{ } | Should -Throw", "{ throw 'b' } | Should -Throw 'a'",
        "{ throw 'b' } | Should -Throw -ErrorId 'x'", "{ throw 'b' } | Should -Throw -ExceptionType ([ArgumentException])", "{ throw 'b' } | Should -Not -Throw");

    [Theory]
    [MemberData(nameof(Holding))]
    public void What_holds_passes_and_its_negation_fails(string assertion)
    {
        Assert.Equal("a:Passed", PesterRun.Outcome($"Describe 'd' {{ It 'a' {{ {assertion} }} }}"));
        if (!assertion.Contains("-Not", StringComparison.Ordinal) && !assertion.Contains("-Throw", StringComparison.Ordinal))
        {
            var negated = assertion.Replace("Should", "Should -Not", StringComparison.Ordinal);
            Assert.Equal("a:Failed", PesterRun.Outcome($"Describe 'd' {{ It 'a' {{ {negated} }} }}"));
        }
    }

    [Theory]
    [MemberData(nameof(Failing))]
    public void What_does_not_hold_fails(string assertion)
    {
        var error = PesterRun.Error(PesterRun.Run($"Describe 'd' {{ It 'a' {{ {assertion} }} }}"));
        Assert.StartsWith("PesterAssertionFailed", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'a' | Should -Be 'b'", "Expected 'a' to be 'b'.")]
    [InlineData("1, 2 | Should -Not -Contain 1 -Because 'r'", "Expected @(1, 2) not to contain 1, because r.")]
    [InlineData("{ throw 'x' } | Should -Throw 'y'", "Expected an exception with message like 'y' to be thrown, but the message was 'x'.")]
    public void A_failure_says_what_was_expected(string assertion, string message) =>
        Assert.StartsWith(message, PesterRun.Error(PesterRun.Run($"Describe 'd' {{ It 'a' {{ {assertion} }} }}")).Exception.Message, StringComparison.Ordinal);
}
