namespace OciSync.EngineHost.Tests.StandIns;

public sealed class SelectObjectTests
{
    [Fact]
    public void First_stops_the_commands_before_it()
    {
        var probe = new Probe();
        Assert.Equal("1 2 3", Engine.Text("param($p) Get-Probe $p | Select-Object -First 3", probe));
        Assert.Equal(3, probe.Written);
        Assert.False(probe.Ended);
        Assert.True(probe.Disposed);
        Assert.Equal("PipelineStoppedException", probe.Unwound);
    }

    [Fact]
    public void First_lets_the_commands_after_it_finish()
    {
        var probe = new Probe();
        Assert.Equal("end 2", Engine.Text("param($p) Get-Probe $p | Select-Object -First 2 | & { begin { $n = 0 } process { $n++ } end { \"end $n\" } }", probe));
        Assert.Equal("1 after", Engine.Text("param($p) Get-Probe $p | Select-Object -First 1; 'after'", new Probe()));
    }

    [Theory]
    [InlineData("1..9 | Select-Object -Last 2", "8 9")]
    [InlineData("1..9 | Select-Object -Skip 7", "8 9")]
    [InlineData("1..9 | Select-Object -SkipLast 7", "1 2")]
    [InlineData("1..9 | Select-Object -First 2 -Skip 1", "2 3")]
    [InlineData("1..9 | Select-Object -First 2 -Last 1", "1 2 9")]
    [InlineData("1..9 | Select-Object -Last 2 -Skip 1", "7 8")]
    [InlineData("1..2 | Select-Object -Last 5", "1 2")]
    [InlineData("1..2 | Select-Object -First 0", "")]
    [InlineData("'a', 'A', 'b', 'a' | Select-Object -Unique", "a A b")]
    [InlineData("@{ N = 1 }, @{ N = 2 } | ForEach-Object { [pscustomobject]$_ } | Select-Object -ExpandProperty N", "1 2")]
    [InlineData("[pscustomobject]@{ L = 1, 2 } | Select-Object -ExpandProperty L", "1 2")]
    [InlineData("[pscustomobject]@{ A = 1; B = 2 } | Select-Object B, C, @{ n = 'D'; e = { $_.A + 9 } }", "@{B=2; C=; D=10}")]
    [InlineData("[pscustomobject]@{ Ab = 1; Ac = 2; B = 3 } | Select-Object A*", "@{Ab=1; Ac=2}")]
    [InlineData("[pscustomobject]@{ Ab = 1; Ac = 2; B = 3 } | Select-Object -ExcludeProperty A*", "@{B=3}")]
    [InlineData("[pscustomobject]@{ A = 1 }, [pscustomobject]@{ A = 1 } | Select-Object A -Unique", "@{A=1}")]
    public void It_chooses_as_the_original(string script, string expected) => Assert.Equal(expected, Engine.Text(script));

    [Fact]
    public void A_missing_property_to_expand_is_an_error()
    {
        var (_, errors) = Engine.Run("[pscustomobject]@{ A = 1 } | Select-Object -ExpandProperty B");
        Assert.StartsWith("ExpandPropertyNotFound,", Assert.Single(errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_that_is_not_offered_does_not_bind()
    {
        var (_, errors) = Engine.Run("1 | Select-Object -Index 1");
        Assert.StartsWith("NamedParameterNotFound,", Assert.Single(errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }
}
