namespace OciSync.EngineHost.Tests.StandIns;

public sealed class ObjectCommandTests
{
    [Theory]
    [InlineData("3, 1, 2 | Sort-Object", "1 2 3")]
    [InlineData("3, 1, 2 | Sort-Object -Descending", "3 2 1")]
    [InlineData("'b', 'A', 'a', 'B' | Sort-Object -Unique", "A b")]
    [InlineData("'bb', 'a', 'cc' | Sort-Object { $_.Length }, { $_ } -Descending", "cc bb a")]
    [InlineData("'bb', 'a', 'cc' | Sort-Object @{ e = { $_.Length }; Descending = $true }, { $_ }", "bb cc a")]
    [InlineData("[version]'1.10', [version]'1.9' | Sort-Object", "1.9 1.10")]
    [InlineData("[pscustomobject]@{ N = 2 }, [pscustomobject]@{ X = 0 }, [pscustomobject]@{ N = 1 } | Sort-Object N", "@{N=1} @{N=2} @{X=0}")]
    [InlineData("'a', 'b', 'A' | Group-Object | ForEach-Object { \"$($_.Name)$($_.Count)\" }", "a2 b1")]
    [InlineData("[pscustomobject]@{ N = 1; M = 2 } | Group-Object N, M | ForEach-Object Name", "1, 2")]
    [InlineData("1, 2, 3 | Measure-Object -Sum -Maximum | ForEach-Object { \"$($_.Count) $($_.Sum) $($_.Maximum)\" }", "3 6 3")]
    [InlineData("'a', 'bc' | Measure-Object Length -Sum | ForEach-Object Sum", "3")]
    [InlineData("$null | Measure-Object | ForEach-Object Count", "0")]
    [InlineData("Compare-Object 1, 2 2, 3 | ForEach-Object { \"$($_.InputObject)$($_.SideIndicator)\" }", "3=> 1<=")]
    [InlineData("(New-Object psobject -Property @{ A = 1 }).A", "1")]
    [InlineData("(New-Object System.Uri 'http://h/p').Host", "h")]
    [InlineData("(New-Object System.Collections.Generic.List[string]).Count", "0")]
    [InlineData("(New-Object System.Text.StringBuilder 'a', 5).Capacity", "5")]
    [InlineData("$o = [pscustomobject]@{}; $o | Add-Member X 5; $o.X", "5")]
    [InlineData("Write-Output 1, 2 | ForEach-Object { $_ + 1 }", "2 3")]
    [InlineData("(Write-Output 1, 2 -NoEnumerate | Measure-Object).Count", "1")]
    [InlineData("Get-Date -Date '2020-02-03' -Format 'yyyy-MM'", "2020-02")]
    [InlineData("(1..3 | Out-String -Stream) -join '+'", "1+2+3")]
    [InlineData("(ConvertTo-SecureString 'abc' -AsPlainText -Force).Length", "3")]
    public void It_answers_as_the_original(string script, string expected) => Assert.Equal(expected, Engine.Text(script));

    [Fact]
    public void Write_Error_carries_what_it_was_given()
    {
        var (_, errors) = Engine.Run("Write-Error 'm' -ErrorId Some.Id -Category InvalidData -TargetObject 5");
        var error = Assert.Single(errors);
        Assert.Equal("m", error.Exception.Message);
        Assert.StartsWith("Some.Id", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(System.Management.Automation.ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Equal(5, error.TargetObject);
    }
}
