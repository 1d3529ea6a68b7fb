namespace OciSync.Core.Text;

/// <summary>Makes lists of what stands between brackets.</summary>
internal static class TextLists
{
    internal static TextList<T> Create<T>(ReadOnlySpan<T> items) => items.Length == 0 ? TextList<T>.Nothing : new(items.ToArray());
}
