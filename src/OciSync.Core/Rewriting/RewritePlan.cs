using OciSync.Core.Errors;
using OciSync.Core.Finding.Facts;
using OciSync.Core.References;

namespace OciSync.Core.Rewriting;

/// <summary>Which images in files get their mirror's name, and which don't and why; planned before the first file is written.</summary>
public sealed class RewritePlan
{
    private readonly Dictionary<string, FileRewrite> _files = new(StringComparer.Ordinal);
    private readonly MirrorNames _names;

    private RewritePlan(MirrorNames names) => _names = names;

    /// <summary>A row for each image, in the order in which they were found.</summary>
    public IReadOnlyList<OciChangedReference> Rows { get; private set; } = [];

    /// <summary>The files that change, and the lines of each as a diff shows them.</summary>
    public IReadOnlyList<(string Path, string Diff)> Files =>
        _files.Values.Where(f => f.Edits.Count > 0).Select(f => (f.Path, f.Diff())).ToList();

    /// <summary>Plans.</summary>
    /// <param name="found">The images that files name.</param>
    /// <param name="names">What is at the mirror.</param>
    /// <param name="pin">Names get their digest.</param>
    /// <exception cref="OciException">A file can't be read any more.</exception>
    public static RewritePlan Create(IReadOnlyList<OciFoundImage> found, IReadOnlyList<MirrorName> names, bool pin)
    {
        var plan = new RewritePlan(new MirrorNames(names, pin));
        plan.Rows = found.Select(plan.Take).ToList();
        return plan;
    }

    /// <summary>Changes the files that are chosen, each whole; what they were is in the record before the first is written.</summary>
    /// <param name="paths">Those of <see cref="Files"/> that are to be changed.</param>
    /// <param name="undoPath">The file of the record; it must not be there.</param>
    /// <exception cref="OciException">Something can't be written; what was written before that can be undone by the record.</exception>
    public void Write(IReadOnlyCollection<string> paths, string undoPath)
    {
        var files = _files.Values.Where(f => f.Edits.Count > 0 && paths.Contains(f.Path)).ToList();
        if (files.Count == 0)
        {
            return;
        }

        UndoRecord.Of(files).Write(undoPath);
        foreach (var file in files)
        {
            FileRewrite.Write(file.Path, file.After);
            Rows.Where(r => r.File == file.Path && r.Status == "WouldChange").ToList().ForEach(r => r.Status = "Changed");
        }
    }

    private OciChangedReference Take(OciFoundImage image)
    {
        if (!image.IsCertain || image.File is null || image.Entry is not null || !ImageReference.TryParse(image.Reference, out var old, out _))
        {
            return Row(image, "Skipped", null, image.Entry is not null ? "it stands in an archive" : image.Reason ?? "it isn't certain");
        }

        var (name, fault) = _names.Find(old!);
        if (name is null)
        {
            return Row(image, "Skipped", null, fault);
        }

        if (name == old)
        {
            return Row(image, "UpToDate", name, null);
        }

        if (!_files.TryGetValue(image.File, out var file))
        {
            _files.Add(image.File, file = FileRewrite.Read(image.File));
        }

        var (edits, reason) = ReferenceEdits.Of(image, name, file.Text);
        reason ??= file.TryAdd(edits) ? null : "another image is put together from the same text, and has another name at the mirror";
        return reason is not null ? Row(image, "Skipped", name, reason) : Row(image, edits.Count == 0 ? "UpToDate" : "WouldChange", name, null);
    }

    private static OciChangedReference Row(OciFoundImage image, string status, ImageReference? mirror, string? reason) => new()
    {
        Status = status,
        File = image.File ?? string.Empty,
        Line = image.Line,
        Location = image.Location,
        Source = image.ToString(),
        Mirror = mirror?.ToString(),
        Reason = reason,
    };
}
