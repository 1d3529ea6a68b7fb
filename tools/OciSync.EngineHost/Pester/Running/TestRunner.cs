using System.Diagnostics;
using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;

namespace OciSync.EngineHost.Pester.Running;

/// <summary>The second phase: setups and tests of a discovered file run.</summary>
internal sealed class TestRunner(ScopeRunner scopes, SessionState session, TestReport report)
{
    private const string SkippedId = "PesterTestSkipped";

    public void Run(TestFile file)
    {
        Discovery.Leave();
        report.File(file);
        if (file.ErrorRecord.Count == 0 && file.Root.Tests.Any(static test => test.IsSelected))
        {
            using var drive = new TestDrive(session);
            scopes.InFileScope(() =>
            {
                session.PSVariable.Set("TestDrive", drive.Path);
                RunBlock(file.Root, drive);
            });
        }
    }

    private void RunBlock(TestBlock block, TestDrive drive)
    {
        if (!block.Tests.Any(static test => test.IsSelected))
        {
            return;
        }

        var before = drive.Entries();
        scopes.InNewScope(() =>
        {
            Enter(block);
            if (block.Tests.All(static test => !test.IsSelected || test.IsSkipped))
            {
                RunChildren(block, drive);
                return;
            }

            if (RunSetup(block, SetupKind.BeforeAll))
            {
                RunChildren(block, drive);
            }
            else
            {
                Fail(block);
            }

            RunSetup(block, SetupKind.AfterAll);
        });
        drive.Restore(before);
        report.Block(block);
    }

    private void RunChildren(TestBlock block, TestDrive drive)
    {
        foreach (var child in block.Children)
        {
            if (child is TestBlock inner)
            {
                RunBlock(inner, drive);
            }
            else if (child is TestCase { IsSelected: true } test)
            {
                scopes.InNewScope(() => RunTest(test));
                report.Test(test);
            }
        }
    }

    private void RunTest(TestCase test)
    {
        Enter(test);
        if (test.IsSkipped)
        {
            test.Result = "Skipped";
            return;
        }

        var watch = Stopwatch.StartNew();
        var around = test.Parent!.FromRoot.ToList();
        if (around.TrueForAll(block => Note(test, block, SetupKind.BeforeEach)))
        {
            Note(test, scopes.DotSource(test.Body!));
        }

        around.Reverse();
        around.ForEach(block => Note(test, block, SetupKind.AfterEach));
        test.Duration = watch.Elapsed;
        test.Result = test.ErrorRecord.Count == 0 ? "Passed"
            : test.ErrorRecord.All(static error => error.FullyQualifiedErrorId.StartsWith(SkippedId, StringComparison.Ordinal)) ? "Skipped"
            : "Failed";
    }

    private void Enter(TestNode node)
    {
        if (node.Options.HasData)
        {
            scopes.Define(node.Options.Data);
        }

        node.ExpandedName = scopes.Expand(node.Name);
    }

    private bool RunSetup(TestBlock block, SetupKind kind)
    {
        var error = block.Setups.TryGetValue(kind, out var body) ? scopes.DotSource(body) : null;
        if (error is not null)
        {
            block.ErrorRecord.Add(error);
        }

        return error is null;
    }

    private bool Note(TestCase test, TestBlock block, SetupKind kind) =>
        !block.Setups.TryGetValue(kind, out var body) || Note(test, scopes.DotSource(body));

    private static bool Note(TestCase test, ErrorRecord? error)
    {
        if (error is not null)
        {
            test.ErrorRecord.Add(error);
        }

        return error is null;
    }

    private void Fail(TestBlock block)
    {
        foreach (var test in block.Tests.Where(static test => test.IsSelected))
        {
            test.Result = test.IsSkipped ? "Skipped" : "Failed";
            report.Test(test);
        }
    }
}
