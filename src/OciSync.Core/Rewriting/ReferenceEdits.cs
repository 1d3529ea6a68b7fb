using System.Globalization;
using OciSync.Core.Finding.Facts;
using OciSync.Core.References;
using OciSync.Core.Yaml;

namespace OciSync.Core.Rewriting;

/// <summary>
/// The edits that give an image another name where it stands (a pure function): in one text, or in the keys that it is put together from. What
/// isn't written as it is read, or would have to be written where nothing is, is not touched.
/// </summary>
internal sealed class ReferenceEdits
{
    private const string Transport = "docker://";

    // Rules whose pieces are whole values of YAML, and not parts of a longer text.
    private static readonly string[] KeyRules = [FindRules.HelmValues, FindRules.Kustomize, FindRules.CustomResource];

    private readonly OciFoundImage _found;
    private readonly ImageReference _old;
    private readonly ImageReference _new;
    private readonly string _text;
    private readonly List<TextEdit> _edits = [];
    private bool _hasVersion;

    private ReferenceEdits(OciFoundImage found, ImageReference @new, string text)
    {
        _found = found;
        _old = ImageReference.Parse(found.Reference);
        _new = @new;
        _text = text;
    }

    /// <summary>The edits, or why there are none.</summary>
    /// <param name="found">The image where it stands.</param>
    /// <param name="new">Its new name.</param>
    /// <param name="text">The text of the file.</param>
    internal static (IReadOnlyList<TextEdit> Edits, string? Fault) Of(OciFoundImage found, ImageReference @new, string text)
    {
        var edits = new ReferenceEdits(found, @new, text);
        var fault = found.Parts.Any(p => p.Start < 0 || p.Start + p.Length > text.Length)
            ? "the file has changed since it was searched"
            : found.Parts.Count == 0 ? "it stands nowhere in the file as it is read" : edits.Find();
        return fault is null ? (edits._edits, null) : ([], fault);
    }

    private string? Find() =>
        _found.Parts.FirstOrDefault(p => p.Kind == FoundPartKind.Reference) is { } whole ? ReplaceWhole(whole) : ReplaceName() ?? ReplaceVersion();

    private string VersionOf(string? tag) => (tag is null ? string.Empty : ":" + tag) + (_new.Digest is null ? string.Empty : "@" + _new.Digest);

    private FoundPart? Part(FoundPartKind kind) => _found.Parts.FirstOrDefault(p => p.Kind == kind);

    private string? ReplaceWhole(FoundPart part)
    {
        var prefix = part.Value.StartsWith(Transport, StringComparison.Ordinal) ? Transport : string.Empty;
        if (!ImageReference.TryParse(part.Value, out var written, out _) || written!.Name != _old.Name)
        {
            return "what is written there is a part of its name only";
        }

        // A tag that was not written stays so, where nothing else has to be said.
        var hasTag = written.Tag is not null || (_new.Digest is not null && written.Digest is null);
        var tag = hasTag ? _new.Tag : null;
        Replace(part, prefix + _new.Name + VersionOf(tag));
        return null;
    }

    private string? ReplaceName()
    {
        if (_new.Name == _old.Name)
        {
            return null;
        }

        var (registry, repository) = (Part(FoundPartKind.Registry), Part(FoundPartKind.Repository));
        if (repository is null)
        {
            if (Part(FoundPartKind.MatchedName) is null || Part(FoundPartKind.NewKey) is not { } place)
            {
                return "its name is not written in one place";
            }

            AddKey(place, "newName", _new.Name);
            return null;
        }

        // What is said for all images goes before the key beside the name, or stands for it.
        return _found.Reason is { } note && note.StartsWith("the registry is", StringComparison.Ordinal) ? note : ReplaceName(registry, repository);
    }

    private string? ReplaceName(FoundPart? registry, FoundPart repository)
    {
        var written = (string.IsNullOrEmpty(registry?.Value) ? string.Empty : registry!.Value + "/") + repository.Value;
        if (!ImageReference.TryParse(written, out var name, out _) || name!.Name != _old.Name)
        {
            return "its name is put together from more than stands there";
        }

        Replace(registry, _new.Registry);

        // A version in the key of the name is the one that counts.
        _hasVersion = name.Tag is not null || name.Digest is not null;
        Replace(repository, (registry is null ? _new.Name : _new.Repository) + (_hasVersion ? VersionOf(_new.Tag) : string.Empty));
        return null;
    }

    private string? ReplaceVersion()
    {
        if (_hasVersion)
        {
            return null;
        }

        var (tag, digest) = (Part(FoundPartKind.Tag), Part(FoundPartKind.Digest));
        var wantsDigest = _new.Digest is not null && _new.Digest != _old.Digest;
        if (wantsDigest && digest is not null)
        {
            // Some charts want it without its algorithm.
            Replace(digest, digest.Value.Length > 0 && !digest.Value.Contains(':') ? _new.Digest!.Hex : _new.Digest!.ToString());
            wantsDigest = false;
        }

        if (tag is null)
        {
            return wantsDigest ? "there is no key for its digest" : _new.Tag != _old.Tag && _old.Tag is not null ? "its tag stands elsewhere" : null;
        }

        var text = (_new.Tag ?? tag.Value) + (wantsDigest ? "@" + _new.Digest : string.Empty);
        if (text != tag.Value && (_new.Tag != _old.Tag || wantsDigest))
        {
            Replace(tag, text);
        }

        return null;
    }

    private void AddKey(FoundPart place, string key, string value)
    {
        // The end of a line, or of the file; what follows is left as it is.
        var end = _text.Contains("\r\n") ? "\r\n" : "\n";
        _edits.Add(new TextEdit(place.Start, 0, $"{end}{place.Value}{key}: {value}"));
    }

    private void Replace(FoundPart? part, string value)
    {
        if (part is not null && value != part.Value)
        {
            _edits.Add(new TextEdit(part.Start, part.Length, Write(part, value)));
        }
    }

    private string Write(FoundPart part, string value)
    {
        var isKey = KeyRules.Contains(_found.Rule);
        var quoted = (part.Style is SourceStyle.Plain or SourceStyle.Empty && isKey && NeedsQuotes(value)) || part.Style == SourceStyle.JsonWord
            ? "\"" + value + "\"" : value;
        return part.Style == SourceStyle.Empty && part.Start > 0 && _text[part.Start - 1] == ':' ? " " + quoted : quoted;
    }

    // What YAML would read as something else than a text.
    private static bool NeedsQuotes(string value) => value[0] == '['
        || double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        || value.ToLowerInvariant() is "true" or "false" or "yes" or "no" or "on" or "off" or "null" or "y" or "n";
}
