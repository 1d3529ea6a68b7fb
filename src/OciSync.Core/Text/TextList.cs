using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace OciSync.Core.Text;

/// <summary>
/// A list of an object for PowerShell. In a loop, a table and JSON it is like an array; where it has to be one text (Export-Csv, a string in
/// quotes) it is its items, as in <c>linux/amd64, linux/arm64</c>, and not the name of its type.
/// </summary>
/// <typeparam name="T">The items, which have a text of their own.</typeparam>
[CollectionBuilder(typeof(TextLists), nameof(TextLists.Create))]
public sealed class TextList<T> : ReadOnlyCollection<T>
{
    // Most rows have three that are empty.
    internal static readonly TextList<T> Nothing = new([]);

    internal TextList(T[] items)
        : base(items)
    {
    }

    /// <summary>How many there are, as arrays say it.</summary>
    public int Length => Count;

    /// <summary>The same items; null stays null.</summary>
    [return: NotNullIfNotNull(nameof(items))]
    [SuppressMessage("Usage", "CA2225", Justification = "Lists are made by the engine alone; PowerShell uses the operator.")]
    public static implicit operator TextList<T>?(T[]? items) => items is null ? null : items.Length == 0 ? Nothing : new TextList<T>(items);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", this);
}
