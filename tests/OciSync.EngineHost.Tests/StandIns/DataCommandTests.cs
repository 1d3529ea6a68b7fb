namespace OciSync.EngineHost.Tests.StandIns;

public sealed class DataCommandTests
{
    [Theory]
    [InlineData("@{ a = 1 } | ConvertTo-Json -Compress", """{"a":1}""")]
    [InlineData("1, 'x', $null, $true | ConvertTo-Json -Compress", """[1,"x",null,true]""")]
    [InlineData(", 1 | ConvertTo-Json -Compress -AsArray", "[1]")]
    [InlineData("ConvertTo-Json @() -Compress", "[]")]
    [InlineData("[pscustomobject]@{ d = [datetime]::new(2020, 1, 2, 3, 4, 5, [DateTimeKind]::Utc); e = [DayOfWeek]::Monday } | ConvertTo-Json -Compress",
        """{"d":"2020-01-02T03:04:05Z","e":1}""")]
    [InlineData("[DayOfWeek]::Monday | ConvertTo-Json -EnumsAsStrings", "\"Monday\"")]
    [InlineData("@{ a = @{ b = @{ c = @{ d = 1 } } } } | ConvertTo-Json -Compress -WarningAction SilentlyContinue",
        """{"a":{"b":{"c":"System.Collections.Hashtable"}}}""")]
    [InlineData("""('{"a":[1,2.5],"b":{"c":null}}' | ConvertFrom-Json).a[1].GetType().Name""", "Double")]
    [InlineData("""('{"a":1}' | ConvertFrom-Json).a.GetType().Name""", "Int64")]
    [InlineData("""('{"a":{"b":1}}' | ConvertFrom-Json -AsHashtable).a.b""", "1")]
    [InlineData("""('{"a":', '1}' | ConvertFrom-Json).a""", "1")]
    [InlineData("""'[1,2]' | ConvertFrom-Json | ForEach-Object { $_ + 1 }""", "2 3")]
    public void Json(string script, string expected) => Assert.Equal(expected, Engine.Text(script));

    [Fact]
    public void Bad_json_is_a_terminating_error()
    {
        const string script = "try { '{' | ConvertFrom-Json } catch { $_.Exception.Message.Substring(0, 27) }";
        Assert.Equal("Conversion from JSON failed", Engine.Text(script));
    }

    [Fact]
    public void Objects_survive_clixml_and_csv()
    {
        using var folder = new TemporaryFolder();
        const string script = """
            param($folder)
            $in = [pscustomobject]@{ A = 1; B = "x,`"y`"`nz" }, [pscustomobject]@{ A = 2; B = $null }
            $in | Export-Clixml "$folder/a.xml"
            $in | Export-Csv "$folder/a.csv"
            foreach ($out in (Import-Clixml "$folder/a.xml"), (Import-Csv "$folder/a.csv")) { "$($out.Count) $($out[0].B -eq $in[0].B) $($out[1].A)" }
            ($in | Select-Object A | ConvertTo-Csv) -join ';'
            ('"P","Q"', '1,2' | ConvertFrom-Csv).Q
            """;
        Assert.Equal("2 True 2 2 True 2 \"A\";\"1\";\"2\" 2", Engine.Text(script, folder.Path));
    }

    [Fact]
    public void Data_files_are_read_without_being_run()
    {
        using var folder = new TemporaryFolder();
        var good = folder.Write("a.psd1", "@{ ModuleVersion = '1.2'; List = @('a', 'b') }");
        var bad = folder.Write("b.psd1", "@{ A = (Get-Date) }");
        Assert.Equal("1.2 b", Engine.Text("param($f) $d = Import-PowerShellDataFile $f; $d.ModuleVersion; $d.List[1]", good));
        Assert.Single(Engine.Run("param($f) Import-PowerShellDataFile $f", bad).Errors);
    }
}
