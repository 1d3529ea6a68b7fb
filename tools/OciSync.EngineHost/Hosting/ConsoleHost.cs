using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace OciSync.EngineHost.Hosting;

/// <summary>The face of this process towards the engine: where output goes, and what code a script asked to exit with.</summary>
internal sealed class ConsoleHost : PSHost
{
    public ConsoleScreen Console { get; } = new();

    public int? ExitCode { get; private set; }

    public override string Name => "OciSync.EngineHost";

    public override Version Version { get; } = typeof(ConsoleHost).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override PSHostUserInterface UI => field ??= new ConsoleUserInterface(Console);

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw NonInteractive.Refusal();

    public override void ExitNestedPrompt() => throw NonInteractive.Refusal();

    // A native program writes to the same terminal: take the progress line away first.
    public override void NotifyBeginApplication() => Console.Flush();

    public override void NotifyEndApplication() => Console.Flush();
}
