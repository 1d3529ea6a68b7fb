using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.SyncFiles;
using OciSync.PowerShell.Errors;

namespace OciSync.PowerShell.Parameters;

/// <summary>Sync files by path and wildcard. What is wrong with one is an error whose target is the path.</summary>
internal static class SyncFiles
{
    /// <summary>The files that are right; the others are told.</summary>
    internal static IEnumerable<SyncFile> ReadAll(PSCmdlet cmdlet, IEnumerable<string> paths, Action<ErrorRecord> onError)
    {
        foreach (var file in Find(cmdlet, paths, onError))
        {
            SyncFile? read = null;
            try
            {
                read = Load(file).Require();
            }
            catch (OciException e)
            {
                onError(ErrorRecords.Create(e, file));
            }

            if (read is not null)
            {
                yield return read;
            }
        }
    }

    internal static SyncFile Load(string file) => SyncFile.Load(file, Environment.GetEnvironmentVariable);

    /// <summary>Full names of the files the paths stand for.</summary>
    internal static IEnumerable<string> Find(PSCmdlet cmdlet, IEnumerable<string> paths, Action<ErrorRecord> onError)
    {
        foreach (var path in paths)
        {
            IEnumerable<string> files = [];
            try
            {
                files = UserPaths.Find(cmdlet, path).OrderBy(f => f, StringComparer.Ordinal).ToList();
            }
            catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
            {
                onError(new ErrorRecord(e, "OciFileNotFound", ErrorCategory.ObjectNotFound, path));
            }

            foreach (var file in files)
            {
                yield return file;
            }
        }
    }
}
