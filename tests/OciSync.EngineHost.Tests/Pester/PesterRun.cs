using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;

namespace OciSync.EngineHost.Tests.Pester;

/// <summary>Runs test files with the stand-in.</summary>
internal static class PesterRun
{
    /// <summary>One file; the result is "name:Result" of every test.</summary>
    public static string Outcome(string file) => Describe(Run(file));

    public static TestRunResult Run(params string[] files) => RunWith(string.Empty, files);

    public static TestRunResult RunWith(string settings, params string[] files)
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < files.Length; i++)
        {
            folder.Write($"f{i}.Tests.ps1", files[i]);
        }

        var (output, errors) = Engine.Run(
            $$"""
            param($path)
            $c = New-PesterConfiguration; $c.Run.Path = $path; $c.Run.PassThru = $true; $c.Output.Verbosity = 'None'
            {{settings}}
            Invoke-Pester -Configuration $c
            """,
            folder.Path);
        Assert.Empty(errors);
        return Assert.IsType<TestRunResult>(Assert.Single(output).BaseObject);
    }

    public static string Describe(TestRunResult result) =>
        string.Join(' ', result.Tests.Select(static test => $"{test.ExpandedName}:{test.Result}"));

    public static ErrorRecord Error(TestRunResult result) => Assert.Single(Assert.Single(result.Failed).ErrorRecord);
}
