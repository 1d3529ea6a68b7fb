using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.Files;
using OciSync.Core.Text;

namespace OciSync.Core.Rewriting;

/// <summary>
/// What a run has changed in files, so that it can be undone: for each file its digest before and after, and each stretch with its old and its
/// new text.
/// </summary>
public sealed class UndoRecord
{
    private const string Version = "ocisyncUndo";
    private const long MaxSize = 256L * 1024 * 1024;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<FileChange> _files;

    private UndoRecord(List<FileChange> files) => _files = files;

    internal static UndoRecord Of(IReadOnlyList<FileRewrite> files) => new(files.Select(f => new FileChange(
        f.Path, FileRewrite.HashOf(f.Before), FileRewrite.HashOf(f.After),
        f.Edits.Select(e => new Change(e.Start, f.Text.Substring(e.Start, e.Length), e.Text)).ToList())).ToList());

    /// <summary>Reads a record.</summary>
    /// <exception cref="OciException">It can't be read, or is none (<see cref="OciErrorKind.ConfigurationInvalid"/>).</exception>
    public static UndoRecord Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new OciException(
                OciErrorKind.ConfigurationInvalid,
                $"There is no record '{path}'. It is the file that -UndoPath named, or ocisync-undo-… in the folder where the run was started.");
        }

        try
        {
            if (new FileInfo(path).Length > MaxSize)
            {
                throw new FormatException("it is too large");
            }

            var root = JsonNode.Parse(File.ReadAllText(path)) as JsonObject;
            if (root?[Version]?.GetValue<int>() != 1)
            {
                throw new FormatException("it is no record of version 1");
            }

            return new UndoRecord(root["files"]!.AsArray().Select(f => new FileChange(
                Text(f!, "path"), Text(f!, "before"), Text(f!, "after"),
                f!["edits"]!.AsArray().Select(e => new Change(e!["offset"]!.GetValue<int>(), Text(e!, "old"), Text(e!, "new"))).ToList())).ToList());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException
            or NullReferenceException or ArgumentException)
        {
            throw new OciException(
                OciErrorKind.ConfigurationInvalid, $"'{path}' is no record of Update-OciImageReference: {Printable.Line(e.Message.TrimEnd('.'))}.", e);
        }
    }

    /// <summary>
    /// Gives files back what was in them. All are looked at before the first is written: one that is as it was before is passed over, and one
    /// that somebody else has changed since ends it.
    /// </summary>
    /// <param name="confirm">Asked for each file; null means yes.</param>
    /// <returns>A row for each file.</returns>
    /// <exception cref="OciException">A file has changed since (<see cref="OciErrorKind.DestinationExists"/>), or can't be read or written.</exception>
    public IReadOnlyList<OciChangedReference> Undo(Func<string, bool>? confirm)
    {
        var found = _files.Select(f => (Change: f, File: FileRewrite.Read(f.Path))).ToList();
        foreach (var (change, file) in found)
        {
            var now = FileRewrite.HashOf(file.Before);
            if (now != change.Before && (now != change.After || FileRewrite.HashOf(file.Encode(Restore(file.Text, change))) != change.Before))
            {
                throw new OciException(
                    OciErrorKind.DestinationExists,
                    $"'{change.Path}' has changed since its images were renamed: nothing was restored. Restore it by hand, or from a backup.");
            }
        }

        var rows = new List<OciChangedReference>();
        foreach (var (change, file) in found)
        {
            var isThere = FileRewrite.HashOf(file.Before) == change.Before;
            var isWanted = !isThere && (confirm?.Invoke(change.Path) ?? true);
            if (isWanted)
            {
                FileRewrite.Write(change.Path, file.Encode(Restore(file.Text, change)));
            }

            rows.Add(new OciChangedReference
            {
                Status = isThere ? "UpToDate" : isWanted ? "Restored" : "WouldRestore",
                File = change.Path,
                Reason = isThere ? "it is as it was" : null,
            });
        }

        return rows;
    }

    internal void Write(string path)
    {
        var files = new JsonArray();
        foreach (var file in _files)
        {
            var edits = new JsonArray();
            file.Edits.ForEach(e => edits.Add((JsonNode)new JsonObject { ["offset"] = e.Offset, ["old"] = e.Old, ["new"] = e.New }));
            files.Add((JsonNode)new JsonObject { ["path"] = file.Path, ["before"] = file.Before, ["after"] = file.After, ["edits"] = edits });
        }

        try
        {
            WholeFile.Write(path, new JsonObject { [Version] = 1, ["files"] = files }.ToJsonString(Indented) + "\n", replace: false);
        }
        catch (IOException e)
        {
            throw new OciException(OciErrorKind.StorageFailed, $"Nothing was changed, as the record for undoing it can't be written: {e.Message}", e);
        }
    }

    // Offsets are those of the old text: each edit before has moved the next.
    private static string Restore(string text, FileChange change)
    {
        var result = new StringBuilder(text);
        foreach (var edit in change.Edits.OrderBy(e => e.Offset))
        {
            if (edit.Offset + edit.New.Length > result.Length || result.ToString(edit.Offset, edit.New.Length) != edit.New)
            {
                return text;
            }

            result.Remove(edit.Offset, edit.New.Length).Insert(edit.Offset, edit.Old);
        }

        return result.ToString();
    }

    private static string Text(JsonNode node, string key) => node[key]!.GetValue<string>();

    private sealed record FileChange(string Path, string Before, string After, List<Change> Edits);

    private sealed record Change(int Offset, string Old, string New);
}
