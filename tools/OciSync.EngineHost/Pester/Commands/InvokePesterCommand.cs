using System.Diagnostics;
using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;
using OciSync.EngineHost.Pester.Running;

namespace OciSync.EngineHost.Pester.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "Pester", DefaultParameterSetName = "Simple")]
public sealed class InvokePesterCommand : PSCmdlet
{
    private const string FilePattern = "*.Tests.ps1";

    [Parameter(Position = 0, ParameterSetName = "Simple")]
    public string[] Path { get; set; } = ["."];

    [Parameter(ParameterSetName = "Simple")]
    public SwitchParameter PassThru { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Advanced")]
    public PesterConfiguration? Configuration { get; set; }

    protected override void EndProcessing()
    {
        var configuration = Configuration ?? new PesterConfiguration { Run = { Path = Path, PassThru = PassThru } };
        var watch = Stopwatch.StartNew();
        var scopes = new ScopeRunner(this);
        var report = new TestReport(Host.UI.WriteLine, configuration.Output.Verbosity);
        var files = configuration.Run.Path.SelectMany(FilesOf).Distinct().Select(file => Discovery.Run(scopes, file)).ToList();
        var runner = new TestRunner(scopes, SessionState, report);
        foreach (var file in files)
        {
            TestSelection.Apply(file, configuration.Filter);
            runner.Run(file);
        }

        var result = new TestRunResult(files, watch.Elapsed);
        report.Summary(result);
        if (configuration.Run.PassThru)
        {
            WriteObject(result);
        }

        if (configuration.Run.Exit)
        {
            Exit(result.FailedCount + result.FailedBlocksCount + result.FailedContainersCount);
        }
    }

    private IEnumerable<string> FilesOf(string path) => SessionState.Path.GetResolvedPSPathFromPSPath(path)
        .Select(static resolved => resolved.ProviderPath)
        .SelectMany<string, string>(static item => Directory.Exists(item)
            ? Directory.EnumerateFiles(item, FilePattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            : [item]);

    private void Exit(int code) => InvokeCommand.InvokeScript(false, ScriptBlock.Create("exit $args[0]"), null, code);
}
