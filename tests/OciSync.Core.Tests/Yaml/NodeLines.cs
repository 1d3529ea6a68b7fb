using System.Globalization;
using OciSync.Core.Yaml;

namespace OciSync.Core.Tests.Yaml;

/// <summary>All that nodes say of a document, as lines that can be compared.</summary>
internal sealed class NodeLines
{
    private readonly List<string> _lines = [];

    /// <summary>What comes of a text: items of a long list, documents, and the place where it can't be read on.</summary>
    internal static string Of(string text)
    {
        var lines = new NodeLines();
        lines.Read((source, onItem, onDocument) => SourceYaml.Read(source, 0, text.Length, onItem, onDocument), text);
        return lines.ToString();
    }

    /// <summary>The same, with the library alone.</summary>
    internal static string OfLibrary(string text)
    {
        var lines = new NodeLines();
        lines.Read((source, onItem, onDocument) => SourceYaml.ReadByEvents(source, 0, text.Length, onItem, onDocument), text);
        return lines.ToString();
    }

    /// <summary>Whether a text is read without the library.</summary>
    internal static bool IsUsual(string text) => UsualYaml.TryRead(new SourceText(text, null), 0, text.Length, (_, _) => { }, out _, out _);

    /// <inheritdoc/>
    public override string ToString() => string.Join("\n", _lines);

    private void Read(Action<SourceText, Action<SourceNode, int>, Action<SourceNode>> read, string text)
    {
        try
        {
            read(new SourceText(text, "a.yaml"), (item, index) => Add(item, index.ToString(CultureInfo.InvariantCulture)), root => Add(root, "document"));
        }
        catch (SourceFaultException e)
        {
            _lines.Add($"fault at {e.Offset}: {e.Message}");
        }
    }

    private void Add(SourceNode node, string place)
    {
        _lines.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{place}: {node.Kind} {node.Start}+{node.Length} {node.Style} {node.Tag} null={node.IsNull} odd={node.HasOddKey} '{node.Text}'"));
        for (var i = 0; i < node.Items.Count; i++)
        {
            Add(node.Items[i], string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"));
        }

        foreach (var pair in node.Pairs)
        {
            Add(pair.Value, string.Create(CultureInfo.InvariantCulture, $"{place}.{pair.Key}@{pair.KeyStart}"));
        }
    }
}
