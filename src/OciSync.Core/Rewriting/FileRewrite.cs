using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Files;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Polyfills;
using OciSync.Core.References;

namespace OciSync.Core.Rewriting;

/// <summary>A file and the edits to it: only their stretches change, whatever its encoding, mark and line ends are.</summary>
internal sealed class FileRewrite
{
    private const int ContextLines = 1;
    private readonly Encoding _encoding;
    private readonly byte[] _mark;
    private readonly List<TextEdit> _edits = [];

    private FileRewrite(string path, byte[] bytes, Encoding encoding, int mark)
    {
        Path = path;
        Before = bytes;
        _encoding = encoding;
        _mark = bytes.Take(mark).ToArray();
        Text = encoding.GetString(bytes, mark, bytes.Length - mark);
    }

    /// <summary>The file.</summary>
    internal string Path { get; }

    /// <summary>What it is.</summary>
    internal byte[] Before { get; }

    /// <summary>The same as text, without its mark.</summary>
    internal string Text { get; }

    /// <summary>The edits, in the order of their places.</summary>
    internal IReadOnlyList<TextEdit> Edits => _edits.OrderBy(e => e.Start).ToList();

    /// <summary>Reads a file. <exception cref="OciException">It can't be read, or is no text that could be written as it was.</exception></summary>
    internal static FileRewrite Read(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            var (encoding, mark) = FileText.FindEncoding(bytes, bytes.Length);
            var file = new FileRewrite(path, bytes, encoding, mark);
            return file.Encode(file.Text).SequenceEqual(bytes) ? file : throw FileText.Invalid(path, "its text can't be written again as it was");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.StorageFailed, $"'{path}' can't be read: {e.Message}", e);
        }
        catch (ArgumentException e)
        {
            throw FileText.NoText(path, e);
        }
    }

    /// <summary>Takes edits in; false when they can't be done beside those that are there.</summary>
    internal bool TryAdd(IReadOnlyList<TextEdit> edits)
    {
        if (edits.Any(e => _edits.Exists(e.Conflicts)))
        {
            return false;
        }

        _edits.AddRange(edits.Where(e => !_edits.Contains(e)));
        return true;
    }

    /// <summary>What it will be.</summary>
    internal byte[] After => Encode(TextEdit.Apply(Text, _edits));

    internal byte[] Encode(string text) => [.. _mark, .. _encoding.GetBytes(text)];

    /// <summary>Replaces the file as a whole, with the rights that it has. <exception cref="OciException">It can't be written.</exception></summary>
    internal static void Write(string path, byte[] content)
    {
        var target = FileLinks.Follow(path);
        var draft = System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(target)!, "." + System.IO.Path.GetFileName(target) + "." + Guid.NewGuid().ToString("N").Substring(0, 8) + ".tmp");
        try
        {
            File.Copy(target, draft);
            File.WriteAllBytes(draft, content);
            FileLinks.Replace(draft, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.StorageFailed, $"'{path}' can't be written: {e.Message}", e);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>The lines that change, as a diff shows them.</summary>
    internal string Diff()
    {
        var (before, after) = (Lines(Text), Lines(TextEdit.Apply(Text, _edits)));
        var result = new StringBuilder();
        var added = 0;
        foreach (var group in Edits.GroupBy(e => Text.Take(e.Start).Count(c => c == '\n')))
        {
            var more = group.Sum(e => e.Text.Count(c => c == '\n'));
            result.Append('\n').Append($"@@ line {group.Key + 1} @@");
            result.Append("\n-").Append(before[group.Key]);
            for (var i = 0; i < more + ContextLines; i++)
            {
                result.Append("\n+").Append(after[group.Key + added + i]);
            }

            added += more;
        }

        return result.ToString();
    }

    /// <summary>The digest of bytes, as records have it.</summary>
    internal static string HashOf(byte[] bytes) => Digest.Of(bytes).ToString();

    private static string[] Lines(string text) => text.Split('\n').Select(l => l.TrimEnd('\r')).ToArray();
}
