namespace OciSync.EngineHost.Pester.Model;

/// <summary>What Invoke-Pester -PassThru gives back.</summary>
public sealed class TestRunResult
{
    internal TestRunResult(IReadOnlyList<TestFile> files, TimeSpan duration)
    {
        Containers = files;
        Duration = duration;
        Tests = [.. files.SelectMany(static file => file.Root.Tests)];
        FailedContainers = [.. files.Where(static file => file.ErrorRecord.Count > 0)];
        FailedBlocks = [.. files.SelectMany(static file => Blocks(file.Root)).Where(static block => block.ErrorRecord.Count > 0)];
    }

    public string Result => FailedCount + FailedBlocksCount + FailedContainersCount > 0 ? "Failed" : "Passed";

    public int TotalCount => Tests.Count;

    public int PassedCount => Count("Passed");

    public int FailedCount => Count("Failed");

    public int SkippedCount => Count("Skipped");

    public int NotRunCount => Count("NotRun");

    public int FailedBlocksCount => FailedBlocks.Count;

    public int FailedContainersCount => FailedContainers.Count;

    public TimeSpan Duration { get; }

    public IReadOnlyList<TestFile> Containers { get; }

    public IReadOnlyList<TestFile> FailedContainers { get; }

    public IReadOnlyList<TestBlock> FailedBlocks { get; }

    public IReadOnlyList<TestCase> Tests { get; }

    public IReadOnlyList<TestCase> Failed => [.. Tests.Where(static test => test.Result == "Failed")];

    public IReadOnlyList<TestCase> Skipped => [.. Tests.Where(static test => test.Result == "Skipped")];

    private static IEnumerable<TestBlock> Blocks(TestBlock block) =>
        block.Children.OfType<TestBlock>().SelectMany(Blocks).Prepend(block);

    private int Count(string result) => Tests.Count(test => test.Result == result);
}
