using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace OciSync.EngineHost.Hosting;

/// <summary>Errors go to standard error, everything else to standard output, as pwsh does; every prompt is refused.</summary>
internal sealed class ConsoleUserInterface(ConsoleScreen screen) : PSHostUserInterface
{
    public override PSHostRawUserInterface RawUI { get; } = new ConsoleRawUserInterface();

    public override bool SupportsVirtualTerminal => ConsoleScreen.IsTerminal;

    public override void Write(string value) => screen.Write(Plain(value));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        screen.Write(ConsoleScreen.IsTerminal ? Colours.Paint(foregroundColor, backgroundColor, value) : Plain(value));

    public override void WriteLine(string value) => screen.Write(Plain(value) + Environment.NewLine);

    public override void WriteErrorLine(string value) => screen.Write(Plain(value) + Environment.NewLine, toError: true);

    public override void WriteWarningLine(string message) => WriteLine("WARNING: " + message);

    public override void WriteVerboseLine(string message) => WriteLine("VERBOSE: " + message);

    public override void WriteDebugLine(string message) => WriteLine("DEBUG: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record) => screen.Progress(record);

    public override string ReadLine() => throw NonInteractive.Refusal();

    public override SecureString ReadLineAsSecureString() => throw NonInteractive.Refusal();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw NonInteractive.Refusal();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        throw NonInteractive.Refusal();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw NonInteractive.Refusal();

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => throw NonInteractive.Refusal();

    // The formatter colours headings and leaves it to the host to take that away where it cannot be shown.
    private string Plain(string value) => GetOutputString(value, SupportsVirtualTerminal);
}
