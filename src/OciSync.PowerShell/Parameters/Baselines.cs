using System.Management.Automation;

namespace OciSync.PowerShell.Parameters;

/// <summary>Paths of what the other side has.</summary>
internal static class Baselines
{
    private const string Layout = "oci:";

    /// <summary>The paths as the system knows them; one that isn't there ends the command.</summary>
    internal static IReadOnlyList<string> Find(PSCmdlet cmdlet, IEnumerable<string> inputs)
    {
        var found = new List<string>();
        foreach (var input in Lists.Split(inputs))
        {
            var path = input.StartsWith(Layout, StringComparison.Ordinal) ? input.Substring(Layout.Length) : input;
            try
            {
                found.AddRange(UserPaths.Find(cmdlet, path));
            }
            catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException)
            {
                cmdlet.ThrowTerminatingError(new ErrorRecord(e, "OciFileNotFound", ErrorCategory.ObjectNotFound, input));
            }
        }

        return found;
    }
}
