using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.Reports;
using OciSync.PowerShell.Errors;

namespace OciSync.PowerShell.Parameters;

/// <summary>Files of reports, whose endings say what they are; one that says nothing ends the command.</summary>
internal static class ReportPaths
{
    /// <summary>Full paths, each once. Several may come as one text with commas, as pwsh -File hands them over.</summary>
    internal static IReadOnlyList<string> Find(PSCmdlet cmdlet, string[]? paths)
    {
        var parts = Lists.Given(paths).SelectMany(p => IsList(p) ? Lists.Split([p]) : [p]);
        var found = new List<string>();
        foreach (var path in parts.Where(p => p.Length > 0))
        {
            Require(cmdlet, path, () => ReportForms.Of(path));
            found.Add(new UserPaths(cmdlet.SessionState).Resolve(path));
        }

        return found.Distinct(StringComparer.Ordinal).ToList();
    }

    /// <summary>The full path of a file of metrics; null stays null.</summary>
    internal static string? FindMetrics(PSCmdlet cmdlet, string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        Require(cmdlet, path!, () => MetricsText.Require(path!));
        return new UserPaths(cmdlet.SessionState).Resolve(path!);
    }

    private static void Require(PSCmdlet cmdlet, string path, Action check)
    {
        try
        {
            check();
        }
        catch (OciException e)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.Create(e, path));
        }
    }

    private static bool IsList(string text) => text.Contains(",") && Lists.Split([text]).All(IsKnown);

    private static bool IsKnown(string path)
    {
        try
        {
            ReportForms.Of(path);
            return true;
        }
        catch (OciException)
        {
            return false;
        }
    }
}
