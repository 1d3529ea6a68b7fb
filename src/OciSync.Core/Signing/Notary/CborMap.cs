namespace OciSync.Core.Signing.Notary;

/// <summary>A map whose keys are whole numbers or texts, each once.</summary>
internal sealed class CborMap
{
    private readonly Dictionary<object, object?> _values = [];

    /// <summary>The keys.</summary>
    internal IEnumerable<object> Keys => _values.Keys;

    /// <exception cref="FormatException">The key is of another kind, or is there already.</exception>
    internal void Add(object? key, object? value)
    {
        if (key is not (long or string) || _values.ContainsKey(key))
        {
            throw new FormatException("a map of the CBOR has a key twice, or of a kind that is not known");
        }

        _values.Add(key, value);
    }

    /// <summary>The value of a key, or null.</summary>
    internal object? Find(object key) => _values.TryGetValue(key, out var value) ? value : null;
}
