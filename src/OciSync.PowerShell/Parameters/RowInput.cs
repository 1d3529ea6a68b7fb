using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.Rows;
using OciSync.PowerShell.Errors;

namespace OciSync.PowerShell.Parameters;

/// <summary>Rows of runs as users have them: as objects of any kind, or as files of JSON lines.</summary>
internal static class RowInput
{
    internal const string LeftOut = "It is left out: the run that wrote it was killed.";

    /// <summary>A row from an object: one of a run, or what CSV, JSON, Clixml or Select-Object left of it.</summary>
    /// <exception cref="OciException">It is none.</exception>
    internal static OciSyncResult Read(PSObject item) =>
        item.BaseObject as OciSyncResult ?? ResultFields.Read(name => ValueOf(item.Properties[name]?.Value));

    /// <summary>
    /// The rows of an earlier run; null when none was given, or its file is not there, as on the first day: that is warned of. Of what is no
    /// row the command ends.
    /// </summary>
    internal static IReadOnlyList<OciSyncResult>? ReadPrevious(PSCmdlet cmdlet, PSObject[]? previous)
    {
        var given = previous?.Where(p => p is not null).ToList() ?? [];
        if (given.Count == 0)
        {
            return null;
        }

        var rows = new List<OciSyncResult>();
        var files = given.Where(p => p.BaseObject is string).ToList();
        foreach (var path in files.Select(p => new UserPaths(cmdlet.SessionState).Resolve((string)p.BaseObject)))
        {
            if (!File.Exists(path))
            {
                cmdlet.WriteWarning($"There is no '{path}' (-Previous): the report compares with nothing.");
                return null;
            }

            rows.AddRange(Load(cmdlet, path));
        }

        try
        {
            rows.AddRange(given.Except(files).Select(Read));
        }
        catch (OciException e)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.Create(e, "-Previous"));
        }

        return rows;
    }

    /// <summary>The rows of a file; a last line that is cut is warned of, anything else that is wrong ends the command.</summary>
    internal static IReadOnlyList<OciSyncResult> Load(PSCmdlet cmdlet, string path, Action<string>? onCut = null)
    {
        try
        {
            var lines = ResultLines.Load(path);
            if (lines.CutLine is { } fault)
            {
                var note = $"{fault} {LeftOut}";
                onCut?.Invoke(note);
                cmdlet.WriteWarning(note);
            }

            return lines.Rows;
        }
        catch (OciException e)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.Create(e, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            cmdlet.ThrowTerminatingError(new ErrorRecord(e, "OciFileUnreadable", ErrorCategory.ReadError, path));
        }

        return [];
    }

    // ConvertTo-Json makes an object with ticks of a span.
    private static object? ValueOf(object? value) => value switch
    {
        PSObject { BaseObject: PSCustomObject } item => item.Properties["Ticks"]?.Value is { } ticks
            && long.TryParse(ticks.ToString(), out var number) ? TimeSpan.FromTicks(number) : null,
        PSObject item => item.BaseObject,
        _ => value,
    };
}
