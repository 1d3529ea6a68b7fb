using System.Text;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Files;

/// <summary>Text files that are there whole or not at all: written beside their place, then renamed.</summary>
public static class WholeFile
{
    /// <summary>Writes UTF-8 without a mark. A file that somebody has open is waited for, some two seconds.</summary>
    /// <param name="path">The file's full name.</param>
    /// <param name="text">What is in it.</param>
    /// <param name="replace">A file of this name is replaced; otherwise it is an <see cref="IOException"/>.</param>
    /// <param name="isPrivate">It is for its owner alone.</param>
    /// <exception cref="IOException">It can't be written; the message names it.</exception>
    public static void Write(string path, string text, bool replace, bool isPrivate = false)
    {
        var draft = Path.Combine(Path.GetDirectoryName(path)!, "." + Path.GetFileName(path) + "." + Guid.NewGuid().ToString("N").Substring(0, 8) + ".tmp");
        try
        {
            if (isPrivate)
            {
                PrivateFiles.Write(draft, new UTF8Encoding(false).GetBytes(text));
            }
            else
            {
                File.WriteAllText(draft, text, new UTF8Encoding(false));
            }

            if (replace && File.Exists(path))
            {
                File.SetAttributes(path, File.GetAttributes(path) & ~FileAttributes.ReadOnly);
                FileLinks.Replace(draft, path);
            }
            else
            {
                File.Move(draft, path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"'{path}' can't be written: {(e is DirectoryNotFoundException ? "there is no such folder." : e.Message)}", e);
        }
        finally
        {
            // Where there is no folder, deleting nothing is a failure too.
            if (File.Exists(draft))
            {
                File.Delete(draft);
            }
        }
    }
}
