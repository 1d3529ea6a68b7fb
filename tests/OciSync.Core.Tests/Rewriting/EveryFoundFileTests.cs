using System.Text;
using System.Text.RegularExpressions;
using OciSync.Core.Finding;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.References;
using OciSync.Core.Rewriting;
using OciSync.Core.Tests.Finding;
using OciSync.Testing;

namespace OciSync.Core.Tests.Rewriting;

/// <summary>
/// Each file of tests/data/find-images.txt, renamed: between the texts of images every byte stays, a second run finds nothing to do, and the
/// record gives it all back.
/// </summary>
public sealed class EveryFoundFileTests
{
    private static readonly Encoding Utf8 = new UTF8Encoding(false, true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Only_the_texts_of_images_change(bool pin)
    {
        var faults = new List<string>();
        var (files, changed, left) = (0, 0, 0);
        foreach (var test in FindCase.ReadAll())
        {
            using var folder = new TempFolder();
            var path = test.WriteTo(folder.Path);
            var (rows, fault) = Rename(path, folder["undo.json"], pin);
            files++;
            changed += rows.Count(r => r.Status == "Changed");
            left += rows.Count(r => r.Status == "Skipped");
            if (fault is not null)
            {
                faults.Add($"{test.Name}: {fault}");
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.True(files == 196 && changed > 170, $"{changed} names in {files} files changed, {left} were left");
    }

    // What is wrong with it, or null.
    private static (IReadOnlyList<OciChangedReference> Rows, string? Fault) Rename(string path, string undo, bool pin)
    {
        var before = File.ReadAllBytes(path);
        var found = Find(path);
        var names = found.Where(i => i.IsCertain).Select(i => i.Reference).Distinct().Select(NameOf).ToList();
        var plan = RewritePlan.Create(found, names, pin);
        plan.Write(plan.Files.Select(f => f.Path).ToList(), undo);
        var after = File.ReadAllBytes(path);
        var isChanged = plan.Rows.Any(r => r.Status == "Changed");
        var unexplained = plan.Rows.FirstOrDefault(r => r.Status == "Skipped" && string.IsNullOrWhiteSpace(r.Reason));
        var fault = unexplained is not null ? $"{unexplained.Source} was left without a reason"
            : isChanged == before.AsSpan().SequenceEqual(after) ? "the rows and the bytes say different things"
            : isChanged ? FindStray(Utf8.GetString(before), Utf8.GetString(after), found) ?? FindLost(plan.Rows, Find(path), pin) : null;
        if (fault is null && RewritePlan.Create(Find(path), names, pin).Files is [{ } again, ..])
        {
            fault = "a second run changes" + again.Diff;
        }

        if (isChanged)
        {
            UndoRecord.Load(undo).Undo(null);
        }

        return (plan.Rows, fault ?? (before.AsSpan().SequenceEqual(File.ReadAllBytes(path)) ? null : "the record doesn't give the bytes back"));
    }

    private static IReadOnlyList<OciFoundImage> Find(string path) =>
        new ImageFinder(new FindOptions()).Find([path]).SelectMany(o => o.Images).ToList();

    // What stands between the pieces of images has to stand in the new text, in this order and with nothing more before or behind it.
    private static string? FindStray(string before, string after, IReadOnlyList<OciFoundImage> found)
    {
        var mark = before.StartsWith('\uFEFF') ? 1 : 0;
        var pattern = new StringBuilder("\\A");
        var at = 0;
        foreach (var part in found.Where(i => i.IsCertain).SelectMany(i => i.Parts).Distinct().OrderBy(p => p.Start).ThenBy(p => p.Length))
        {
            var start = part.Start + mark;
            if (start >= at)
            {
                // An empty value gets a blank before it; a new key stands on a line of its own.
                pattern.Append(Regex.Escape(before[at..start])).Append(part.Kind == FoundPartKind.NewKey ? "(?:\\r?\\n[^\\r\\n]*)?" : "[^\\r\\n]*?");
                at = start + part.Length;
            }
        }

        pattern.Append(Regex.Escape(before[at..])).Append("\\z");
        return Regex.IsMatch(after, pattern.ToString(), RegexOptions.CultureInvariant) ? null : $"more than names changed:\n{before}\n->\n{after}";
    }

    // What is said to be changed is found by its new name.
    private static string? FindLost(IReadOnlyList<OciChangedReference> rows, IReadOnlyList<OciFoundImage> now, bool pin)
    {
        var there = now.Where(i => i.IsCertain).Select(i => ImageReference.Parse(i.Reference)).ToList();
        var lost = rows.Where(r => r.Status == "Changed").Select(r => ImageReference.Parse(r.Mirror!))
            .FirstOrDefault(m => !there.Exists(t => t.Name == m.Name && (t.Tag == m.Tag || t.Digest is not null) && (!pin || t.Digest == m.Digest)));
        return lost is null ? null : $"{lost} isn't found: {string.Join(", ", there)}";
    }

    private static MirrorName NameOf(string text)
    {
        var source = ImageReference.Parse(text);
        // As -Naming Full has it, below a project.
        var name = $"m.test/mirror/{new string([.. source.Registry.Where(c => char.IsAsciiLetterOrDigit(c) || c == '.')])}/{source.Repository}";
        var mirror = ImageReference.Parse(source.Tag is { } tag ? $"{name}:{tag}" : $"{name}@{source.Digest}");
        var digest = source.Digest ?? Digest.Parse(FindCase.One);
        return new MirrorName(source, mirror, digest, digest);
    }
}
