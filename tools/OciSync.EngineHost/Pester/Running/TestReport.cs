using System.Globalization;
using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;

namespace OciSync.EngineHost.Pester.Running;

/// <summary>Tells the run as it goes: nothing at None, files and failures at Normal, every test at Detailed.</summary>
internal sealed class TestReport(Action<string> write, string verbosity)
{
    private readonly bool _isSilent = string.Equals(verbosity, "None", StringComparison.OrdinalIgnoreCase);
    private readonly bool _tellsAll = verbosity.Equals("Detailed", StringComparison.OrdinalIgnoreCase)
        || verbosity.Equals("Diagnostic", StringComparison.OrdinalIgnoreCase);

    public void File(TestFile file)
    {
        Line($"Running tests from '{file.Item}'");
        foreach (var error in file.ErrorRecord)
        {
            Line($"[-] Discovery of '{file.Item}' failed");
            Error(error);
        }
    }

    public void Block(TestBlock block)
    {
        foreach (var error in block.ErrorRecord)
        {
            Line($"[-] BeforeAll or AfterAll of '{block.ExpandedPath}' failed");
            Error(error);
        }
    }

    public void Test(TestCase test)
    {
        var mark = test.Result switch { "Passed" => '+', "Failed" => '-', _ => '!' };
        if (_tellsAll || mark == '-')
        {
            var time = test.Duration.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
            Line($"[{mark}] {test.ExpandedPath} {time}ms");
        }

        if (mark == '-' || _tellsAll)
        {
            test.ErrorRecord.ToList().ForEach(Error);
        }
    }

    public void Summary(TestRunResult result) => Line(string.Create(
        CultureInfo.InvariantCulture,
        $"Tests Passed: {result.PassedCount}, Failed: {result.FailedCount}, Skipped: {result.SkippedCount}, NotRun: {result.NotRunCount}"));

    private void Error(ErrorRecord error)
    {
        Line("    " + error.ToString().ReplaceLineEndings(Environment.NewLine + "    "));
        foreach (var frame in (error.ScriptStackTrace ?? string.Empty).Split('\n').TakeWhile(static frame => !IsOurs(frame)))
        {
            Line("    " + frame.TrimEnd());
        }
    }

    // The runner's own blocks come from no file; what follows them is the runner too.
    private static bool IsOurs(string frame) => frame.Contains("<No file>", StringComparison.Ordinal) || frame.Length == 0;

    private void Line(string text)
    {
        if (!_isSilent)
        {
            write(text);
        }
    }
}
