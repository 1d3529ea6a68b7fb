using System.Management.Automation;
using System.Management.Automation.Host;
using OciSync.Core.Errors;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Output;

namespace OciSync.PowerShell.Parameters;

/// <summary>Whether a command that destroys something has to ask, and whether there is somebody to ask.</summary>
internal sealed class Confirmation(PSCmdlet cmdlet)
{
    private const string ConfirmName = "Confirm";

    /// <summary>The user has asked to be asked: -Confirm.</summary>
    internal bool IsWanted => IsGiven(ConfirmName, true);

    /// <summary>The user wants no question: -Confirm:$false, or a preference of None.</summary>
    internal bool IsRefused =>
        IsGiven(ConfirmName, false)
        || (!IsWanted && cmdlet.SessionState.PSVariable.GetValue("ConfirmPreference") is ConfirmImpact.None or "None");

    /// <summary>Ends the command before any work when it would have to ask and nobody is there, as far as that can be known.</summary>
    internal void RequireHost(bool force, bool isWhatIf, string what)
    {
        if (!isWhatIf && (IsWanted || (!force && !IsRefused)) && !CanAsk)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.Create(Required(what, null), null));
        }
    }

    internal static OciException Required(string what, Exception? inner) => new(
        OciErrorKind.ConfirmationRequired,
        $"{what} asks for a confirmation, and nobody can be asked here. See what it would do with -WhatIf, and confirm with -Force.", inner);

    /// <summary>What hosts say when they can't ask.</summary>
    internal static bool IsNobodyThere(Exception e) =>
        e is HostException or NotSupportedException or NotImplementedException or PSInvalidOperationException;

    // Not all hosts can be asked whether they can ask; the others say so at the first question, which comes before any work too.
    private bool CanAsk =>
        cmdlet.Host.UI is not null
        && cmdlet.Host.Name != "Default Host"
        && !GitHubActions.IsHere
        && !(cmdlet.Host.Name == "ConsoleHost" && (Console.IsInputRedirected || IsNonInteractive()));

    // -NonInteractive may be shortened, and has no trace in the host itself.
    private static bool IsNonInteractive() => Environment.GetCommandLineArgs().Skip(1).Any(
        a => a.Length >= 5 && a[0] is '-' or '/' && "noninteractive".StartsWith(a.TrimStart('-', '/'), StringComparison.OrdinalIgnoreCase));

    private bool IsGiven(string name, bool value) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out var given) && LanguagePrimitives.IsTrue(given) == value;
}
