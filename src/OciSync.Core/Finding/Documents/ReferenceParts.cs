using OciSync.Core.Finding.Facts;

namespace OciSync.Core.Finding.Documents;

/// <summary>The pieces of a name that stands in one text.</summary>
internal static class ReferenceParts
{
    /// <summary>The whole name if it stands in one stretch; else those of its repository, tag and digest that do.</summary>
    internal static IReadOnlyList<FoundPart> Of(WrittenText text)
    {
        var value = text.Value;
        if (text.Whole is { } whole)
        {
            return [new FoundPart(FoundPartKind.Reference, whole.Outer, whole.Length, value, text.Style)];
        }

        var at = value.IndexOf('@');
        var nameEnd = at < 0 ? value.Length : at;
        var colon = value.LastIndexOf(':', Math.Max(0, nameEnd - 1));
        var hasTag = colon > value.LastIndexOf('/', Math.Max(0, nameEnd - 1));
        var parts = new List<FoundPart>();
        Add(parts, text, FoundPartKind.Repository, 0, hasTag ? colon : nameEnd);
        if (hasTag)
        {
            Add(parts, text, FoundPartKind.Tag, colon + 1, nameEnd - colon - 1);
        }

        if (at >= 0)
        {
            Add(parts, text, FoundPartKind.Digest, at + 1, value.Length - at - 1);
        }

        return parts.OrderBy(p => p.Start).ToList();
    }

    private static void Add(List<FoundPart> parts, WrittenText text, FoundPartKind kind, int start, int length)
    {
        if (length > 0 && text.PlaceOf(start, length) is { } place)
        {
            parts.Add(new FoundPart(kind, place, length, text.Value.Substring(start, length), text.Style));
        }
    }
}
