using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace OciSync.EngineHost.Hosting;

/// <summary>
/// The engine's non-public parts that the original host and cmdlets use and that have no public counterpart.
/// The package version is pinned, and a test calls every one of them.
/// </summary>
internal static class EngineInternals
{
    private const BindingFlags AnyInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const string FormatNamespace = "Microsoft.PowerShell.Commands.Internal.Format.";

    private static readonly Assembly s_engine = typeof(PSObject).Assembly;

    /// <summary>An exception that ends the commands before <paramref name="requester"/> in its pipeline, as Select-Object -First does.</summary>
    public static Exception StopUpstream(Cmdlet requester) =>
        (Exception)Create("System.Management.Automation.StopUpstreamCommandsException", requester);

    /// <summary>Makes <c>exit n</c> of the next script file end the pipeline with that code, as <c>pwsh -File</c> has it.</summary>
    public static void LetScriptExit(Runspace runspace)
    {
        var context = Property(runspace, "ExecutionContext").GetValue(runspace)!;
        Property(context, "ScriptCommandProcessorShouldRethrowExit").SetValue(context, true);
    }

    /// <summary>The value of <c>$?</c> after the last pipeline; reading the variable itself would answer for the reading.</summary>
    public static bool LastCommandSucceeded(Runspace runspace)
    {
        var context = Property(runspace, "ExecutionContext").GetValue(runspace)!;
        return (bool)Property(context, "QuestionMarkVariableValue").GetValue(context)!;
    }

    public static void SetFormatShape(FrontEndCommandBase command, string shape)
    {
        var value = Enum.Parse(TypeOf(FormatNamespace + "FormatShape"), shape);
        SetImplementation(command, Create(FormatNamespace + "InnerFormatShapeCommand", value));
    }

    /// <summary>Lets an output command render into lines; the returned writer is to be flushed after each record.</summary>
    public static TextWriter SetLineOutput(FrontEndCommandBase command, Action<string> onLine, int width)
    {
        var writerType = TypeOf(FormatNamespace + "StreamingTextWriter");
        var callback = Delegate.CreateDelegate(writerType.GetNestedType("WriteLineCallback", BindingFlags.NonPublic)!, onLine.Target, onLine.Method);
        var writer = (TextWriter)Create(writerType.FullName!, callback, CultureInfo.CurrentCulture);
        var manager = Create(FormatNamespace + "OutputManagerInner");
        Property(manager, "LineOutput").SetValue(manager, Create(FormatNamespace + "TextWriterLineOutput", writer, width));
        SetImplementation(command, manager);
        return writer;
    }

    /// <summary>CLIXML with each item at the top, as Export-Clixml writes it; the public method knows one object only.</summary>
    public static string SerializeEach(IList<object> items, int depth)
    {
        var method = typeof(PSSerializer).GetMethod(
            "Serialize", BindingFlags.Static | BindingFlags.NonPublic, [typeof(IList<object>), typeof(int), typeof(bool)]);
        return (string)method!.Invoke(null, [items, depth, true])!;
    }

    private static void SetImplementation(FrontEndCommandBase command, object implementation) =>
        typeof(FrontEndCommandBase).GetField("implementation", AnyInstance)!.SetValue(command, implementation);

    private static PropertyInfo Property(object target, string name) =>
        target.GetType().GetProperty(name, AnyInstance) ?? throw new MissingMemberException(target.GetType().FullName, name);

    private static Type TypeOf(string fullName) => s_engine.GetType(fullName, throwOnError: true)!;

    private static object Create(string fullName, params object[] arguments) =>
        Activator.CreateInstance(TypeOf(fullName), AnyInstance, null, arguments, CultureInfo.InvariantCulture)!;
}
