using System.Globalization;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Documents;

/// <summary>Objects in memory as <see cref="SourceNode"/>s without places.</summary>
internal static class ObjectNodes
{
    /// <summary>Reads a value: a text or number, a list, or pairs of names and values.</summary>
    /// <exception cref="SourceFaultException">It is nested too deep.</exception>
    internal static SourceNode Read(object? value) => Read(value, 0);

    private static SourceNode Read(object? value, int depth)
    {
        if (depth > SourceLimits.Depth)
        {
            throw new SourceFaultException(0, $"Values are nested more than {SourceLimits.Depth} deep.", isLimit: true);
        }

        switch (value)
        {
            case null:
                return new SourceNode(SourceText.None, YamlKind.Scalar, 0) { Style = SourceStyle.Empty };
            case IReadOnlyList<KeyValuePair<string, object?>> pairs:
                var mapping = new SourceNode(SourceText.None, YamlKind.Mapping, 0);
                mapping.Pairs.AddRange(pairs.Select(p => new SourcePair(p.Key, 0, Read(p.Value, depth + 1))));
                return mapping;
            case IReadOnlyList<object?> items:
                var list = new SourceNode(SourceText.None, YamlKind.Sequence, 0);
                list.Items.AddRange(items.Select(i => Read(i, depth + 1)));
                return list;
            default:
                return new SourceNode(SourceText.None, YamlKind.Scalar, 0)
                {
                    Text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
                    Style = SourceStyle.Json,
                };
        }
    }
}
