namespace OciSync.EngineHost.Tests.StandIns;

public sealed class PathCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("(Join-Path a b c) -replace '\\\\', '/'", "a/b/c")]
    [InlineData("Split-Path -Leaf 'x/y.z'", "y.z")]
    [InlineData("Split-Path -LeafBase 'x/y.z'", "y")]
    [InlineData("Split-Path -Extension 'x/y.z'", ".z")]
    [InlineData("(Split-Path 'x/y/z') -replace '\\\\', '/'", "x/y")]
    [InlineData("'1', '2' | Set-Content f; Get-Content f", "1 2")]
    [InlineData("'1' | Set-Content f; '2' | Add-Content f; (Get-Content -Raw f) -replace '\\r?\\n', '+'", "1+2+")]
    [InlineData("Set-Content f 'x' -NoNewline; (Get-Item f).Length", "1")]
    [InlineData("Set-Content f 'é' -NoNewline -Encoding utf8BOM; (Get-Item f).Length", "5")]
    [InlineData("'x' > f; 'y' >> f; Get-Content f", "x y")]
    [InlineData("$null = New-Item -ItemType Directory a/b -Force; Test-Path a/b -PathType Container; Test-Path a -PathType Leaf; Test-Path n", "True False False")]
    [InlineData("$null = New-Item -Force p/q/f -Value v; Get-Content p/q/f", "v")]
    [InlineData("$null = New-Item f -ItemType File; Test-Path f", "True")]
    [InlineData("$null = New-Item d/e -ItemType Directory; 1 > d/e/f; Copy-Item d x -Recurse; Test-Path x/e/f; Move-Item x y; Test-Path x; Test-Path y/e/f", "True False True")]
    [InlineData("$null = New-Item d/e -ItemType Directory; 1 > d/e/f; (Get-ChildItem d -Recurse -File).Name; (Get-ChildItem d -Directory).Name", "f e")]
    [InlineData("1 > a.x; 1 > b.y; (Get-ChildItem -Filter *.x).Name; (Get-ChildItem *.y).Name", "a.x b.y")]
    [InlineData("$null = New-Item d -ItemType Directory; 1 > d/f; Remove-Item d -Recurse -Force; Test-Path d", "False")]
    [InlineData("1 > '[a]'; Test-Path '[a]'; Test-Path -LiteralPath '[a]'", "False True")]
    [InlineData("$null = New-Item d -ItemType Directory; Push-Location d; (Get-Location | Split-Path -Leaf); Pop-Location; Set-Location d; Convert-Path . | Split-Path -Leaf", "d d")]
    [InlineData("1 > f; Split-Path -Leaf (Resolve-Path f*).Path", "f")]
    [InlineData("$env:OCISYNC_X = 'v'; (Get-Item Env:OCISYNC_X).Value; Test-Path Env:OCISYNC_NOT", "v False")]
    public void It_answers_as_the_original(string script, string expected) =>
        Assert.Equal(expected, Engine.Text("param($folder) Set-Location $folder\n" + script, _folder.Path));

    [Theory]
    [InlineData("Get-Item nowhere", "PathNotFound,")]
    [InlineData("Get-Content nowhere", "PathNotFound,")]
    [InlineData("Remove-Item nowhere", "PathNotFound,")]
    [InlineData("Resolve-Path nowhere", "PathNotFound,")]
    [InlineData("Set-Content no/where x", "GetContentWriterDirectoryNotFoundException,")]
    public void What_is_missing_is_a_non_terminating_error(string script, string id)
    {
        var (_, errors) = Engine.Run("param($folder) Set-Location $folder\n" + script, _folder.Path);
        Assert.StartsWith(id, Assert.Single(errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_removes_nothing()
    {
        var file = _folder.Write("f", "x");
        Assert.Equal("True", Engine.Text("param($f) Remove-Item $f -WhatIf; Test-Path $f", file));
    }
}
