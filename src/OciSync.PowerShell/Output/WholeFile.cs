using System.Text;

namespace OciSync.PowerShell.Output;

/// <summary>Text files that are there whole or not at all: written beside their place, then renamed.</summary>
internal static class WholeFile
{
    /// <summary>Writes UTF-8 without a mark.</summary>
    /// <param name="path">The file's full name.</param>
    /// <param name="text">What is in it.</param>
    /// <param name="replace">A file of this name is replaced; otherwise it is an <see cref="IOException"/>.</param>
    internal static void Write(string path, string text, bool replace)
    {
        var draft = Path.Combine(Path.GetDirectoryName(path)!, "." + Path.GetFileName(path) + "." + Guid.NewGuid().ToString("N").Substring(0, 8) + ".tmp");
        try
        {
            File.WriteAllText(draft, text, new UTF8Encoding(false));
            if (replace && File.Exists(path))
            {
                File.SetAttributes(path, File.GetAttributes(path) & ~FileAttributes.ReadOnly);
                File.Replace(draft, path, null);
            }
            else
            {
                File.Move(draft, path);
            }
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
