using OciSync.Core.Errors;
using OciSync.Core.Files;
using OciSync.Core.Polyfills;

namespace OciSync.Core.AuthFiles;

/// <summary>
/// Replaces an auth file as a whole: by a new file beside it that takes its name, readable by its owner alone. Two writers of ours wait for
/// each other; a change by somebody else in the meantime is seen, and the work is done again.
/// </summary>
internal static class AuthFileWriter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Changes a file; the change gets the old content (empty when there is no file) and gives the new one, or null for none.</summary>
    /// <returns>Whether something was changed.</returns>
    internal static async Task<bool> ChangeAsync(string path, Func<byte[], byte[]?> change, CancellationToken cancellationToken)
    {
        try
        {
            var target = FileLinks.Follow(path);
            PrivateFiles.CreateFolder(Path.GetDirectoryName(target)!);
            using var held = await LockFile
                .OpenAsync(target + ".lock", FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose, Patience, cancellationToken)
                .ConfigureAwait(false);
            while (true)
            {
                var before = Read(target);
                if (change(before) is not { } after)
                {
                    return false;
                }

                if (TryReplace(target, before, after))
                {
                    return true;
                }

                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.ConfigurationInvalid, $"The credential file '{path}' can't be written: {e.Message}", e);
        }
    }

    private static byte[] Read(string path) => File.Exists(path) ? AuthFile.ReadBytes(path) : [];

    private static bool TryReplace(string target, byte[] before, byte[] after)
    {
        var temporary = target + "." + Guid.NewGuid().ToString("N").Substring(0, 8) + ".tmp";
        try
        {
            PrivateFiles.Write(temporary, after);
            if (!Read(target).SequenceEqual(before))
            {
                return false;
            }

            FileLinks.Replace(temporary, target);
            return true;
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
