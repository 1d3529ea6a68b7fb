using System.Collections.ObjectModel;

namespace OciSync.Core.Text;

/// <summary>Names and their values; as one text they are <c>name=value, name=value</c>.</summary>
internal sealed class TextMap(IDictionary<string, string> values) : ReadOnlyDictionary<string, string>(values)
{
    internal static readonly TextMap None = new(new Dictionary<string, string>());

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", this.Select(p => p.Key + "=" + p.Value));
}
