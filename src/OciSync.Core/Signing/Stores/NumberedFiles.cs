using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Folders;
using OciSync.Core.Polyfills;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Stores;

/// <summary>Signatures as files of a folder, with numbers from 1: the first number that isn't there is the end.</summary>
/// <param name="folder">The folder.</param>
/// <param name="prefix">What stands before <c>signature-N</c> in the name.</param>
internal sealed class NumberedFiles(string folder, string prefix)
{
    /// <summary>The file of a number.</summary>
    internal string PathOf(int number) => Path.Combine(folder, prefix + Lookaside.FileName(number));

    /// <summary>
    /// Writes a file at the first free number: beside its place, and whole it takes its name, unless somebody else was faster; then it takes the next.
    /// </summary>
    /// <param name="content">The content.</param>
    /// <param name="taken">Numbers up to this one aren't free either.</param>
    /// <exception cref="OciException">It can't be written, or there are too many.</exception>
    internal string Append(byte[] content, int taken)
    {
        var temporary = OwnFile.NameIn(folder);
        try
        {
            Directory.CreateDirectory(folder);
            for (var number = 1; number <= SignatureList.MostSignatures; number++)
            {
                var path = PathOf(number);
                if (number > taken && !File.Exists(path) && NewNames.TryGive(Written(temporary, content), path))
                {
                    return path;
                }

                // It is taken, perhaps since a moment ago.
                if (IsSame(path, content))
                {
                    return path;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.StorageFailed, $"A signature can't be written into '{folder}': {e.Message}", e);
        }
        finally
        {
            Remove(temporary);
        }

        throw new OciException(
            OciErrorKind.StorageFailed, $"'{folder}' has {SignatureList.MostSignatures} signatures of this image already; more are not read.");
    }

    private static string Written(string path, byte[] content)
    {
        if (!File.Exists(path))
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            file.Write(content, 0, content.Length);
            file.Flush(flushToDisk: true);
        }

        return path;
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There was no such folder, or the failure before it is the one to tell; nobody reads a file of this name.
            return;
        }
    }

    private static bool IsSame(string path, byte[] content) => File.Exists(path) && new FileInfo(path).Length == content.Length
        && SettingsFile.ReadBytes(path, SignatureFile.MaxLength).SequenceEqual(content);
}
