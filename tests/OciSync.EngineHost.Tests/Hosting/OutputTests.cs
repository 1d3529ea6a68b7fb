namespace OciSync.EngineHost.Tests.Hosting;

public sealed class OutputTests
{
    [Fact]
    public async Task Objects_are_tables_or_lists()
    {
        var table = await HostProcess.CommandAsync("[pscustomobject]@{ Name = 'a'; Size = 1 }");
        Assert.Equal(["Name Size", "---- ----", "a       1"], table.Lines);
        var list = await HostProcess.CommandAsync("[pscustomobject]@{ A = 1; B = 2; C = 3; D = 4; E = 5 }");
        Assert.Equal(["A : 1", "B : 2", "C : 3", "D : 4", "E : 5"], list.Lines);
    }

    [Fact]
    public async Task Format_files_of_a_module_are_used()
    {
        using var folder = new TemporaryFolder();
        folder.Write("M.psm1", "function Get-M { [pscustomobject]@{ PSTypeName = 'M.Thing'; Name = 'n'; Secret = 's' } }");
        folder.Write("M.psd1", "@{ RootModule = 'M.psm1'; ModuleVersion = '1.0'; FormatsToProcess = 'M.format.ps1xml'; FunctionsToExport = 'Get-M' }");
        folder.Write("M.format.ps1xml", """
            <Configuration><ViewDefinitions><View><Name>t</Name><ViewSelectedBy><TypeName>M.Thing</TypeName></ViewSelectedBy>
            <TableControl><TableHeaders><TableColumnHeader><Label>Label</Label></TableColumnHeader></TableHeaders>
            <TableRowEntries><TableRowEntry><TableColumnItems><TableColumnItem><PropertyName>Name</PropertyName></TableColumnItem>
            </TableColumnItems></TableRowEntry></TableRowEntries></TableControl></View></ViewDefinitions></Configuration>
            """);
        var result = await HostProcess.CommandAsync($"Import-Module '{Path.Combine(folder.Path, "M.psd1")}'; Get-M; Get-M | Format-List Secret");
        Assert.Equal(["Label", "-----", "n", "Secret : s"], result.Lines);
    }

    [Fact]
    public async Task Errors_go_to_standard_error_and_the_rest_to_standard_output()
    {
        var result = await HostProcess.CommandAsync("""
            Write-Error 'an error'; Write-Warning 'a warning'; Write-Host 'a', 'host' -ForegroundColor Red
            Write-Verbose 'unseen'; Write-Verbose 'seen' -Verbose; Write-Debug 'unseen'; Write-Information 'told' -InformationAction Continue
            """);
        Assert.Equal(["WARNING: a warning", "a host", "VERBOSE: seen", "told"], result.Lines);
        Assert.Equal("Write-Error: an error", result.Error.Trim());
    }

    [Fact]
    public async Task No_colour_and_no_progress_where_there_is_no_terminal()
    {
        var result = await HostProcess.CommandAsync("""
            function Show { [CmdletBinding()] param() $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'Copying', 'now')) }
            Show; [pscustomobject]@{ A = 1 } | Format-List; Write-Error 'x'
            """);
        Assert.DoesNotContain('\u001b', result.Output + result.Error);
        Assert.DoesNotContain("Copying", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_uncaught_error_says_where_it_came_from()
    {
        var result = await HostProcess.FileAsync("function Fail { throw 'went wrong' }\nFail");
        Assert.Contains("went wrong", result.Error, StringComparison.Ordinal);
        Assert.Contains("script.ps1: line 1", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompts_are_refused()
    {
        var result = await HostProcess.CommandAsync("""
            function Remove-It { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() if ($PSCmdlet.ShouldProcess('x')) { 'done' } }
            try { Remove-It } catch { "refused: $_" }
            Remove-It -Confirm:$false
            """);
        Assert.Collection(
            result.Lines,
            line => Assert.Contains("NonInteractive", line, StringComparison.Ordinal),
            line => Assert.Equal("done", line));
    }
}
