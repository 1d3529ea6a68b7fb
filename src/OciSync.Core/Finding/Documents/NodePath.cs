using System.Globalization;
using System.Text;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Documents;

/// <summary>The way from the top of a document to where a reader is: <c>spec.containers[0].image</c>, <c>data["a.yaml"]:spec.image</c>.</summary>
internal sealed class NodePath
{
    private const int LongestKey = 100;

    // An index, a key, or (a string array of one) the way to a document within a value.
    private readonly List<object> _steps = [];

    internal int Depth => _steps.Count;

    /// <summary>The nearest key around here, passing over places in lists; null at the top.</summary>
    internal string? NearestKey => FindKey(0);

    internal void Push(string key) => _steps.Add(key);

    internal void Push(int index) => _steps.Add(index);

    /// <summary>From here on the way is in a document of its own.</summary>
    internal void PushDocument() => _steps.Add(Array.Empty<string>());

    internal void Pop() => _steps.RemoveAt(_steps.Count - 1);

    /// <summary>The key so many keys further up.</summary>
    internal string? FindKey(int further)
    {
        for (var i = _steps.Count - 1; i >= 0; i--)
        {
            if (_steps[i] is string key && further-- == 0)
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>Goes through a list, each item in its place.</summary>
    internal void ForEach(SourceNode? list, Action<SourceNode> read)
    {
        for (var i = 0; i < (list?.Items.Count ?? 0); i++)
        {
            Push(i);
            read(list!.Items[i]);
            Pop();
        }
    }

    /// <summary>Goes to the value of a key, if it is there.</summary>
    internal void Within(SourceNode? mapping, string key, Action<SourceNode> read)
    {
        if (mapping?.Find(key) is { } value)
        {
            Push(key);
            read(value);
            Pop();
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var path = new StringBuilder();
        foreach (var step in _steps)
        {
            if (step is int index)
            {
                path.Append('[').Append(index.ToString(CultureInfo.InvariantCulture)).Append(']');
            }
            else if (step is not string key)
            {
                path.Append(':');
            }
            else if (IsWord(key))
            {
                path.Append(path.Length > 0 && path[path.Length - 1] != ':' ? "." : string.Empty).Append(key);
            }
            else
            {
                path.Append("[\"").Append(key.Length <= LongestKey ? key : key.Substring(0, LongestKey) + "…").Append("\"]");
            }
        }

        return path.ToString();
    }

    private static bool IsWord(string key) =>
        key.Length is > 0 and <= LongestKey && key.All(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '-' or '_');
}
