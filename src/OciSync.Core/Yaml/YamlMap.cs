using System.Globalization;

namespace OciSync.Core.Yaml;

/// <summary>
/// The keys of a mapping, taken by name and type. What has the wrong type is a mistake and counts as absent; <see cref="RefuseOthers"/>
/// makes a mistake of each key nobody asked for.
/// </summary>
internal sealed class YamlMap
{
    private readonly YamlNode _node;
    private readonly SyncFileContext _context;
    private readonly List<string> _known = [];

    private YamlMap(YamlNode node, SyncFileContext context)
    {
        _node = node;
        _context = context;
    }

    internal IEnumerable<(YamlNode Key, YamlNode Value)> Pairs => _node.Pairs;

    internal YamlNode Node => _node;

    /// <summary>The node as a mapping; what is nothing is an empty one, what is something else a mistake.</summary>
    internal static YamlMap Of(YamlNode node, string what, SyncFileContext context)
    {
        if (node.Kind == YamlKind.Mapping)
        {
            return new YamlMap(node, context);
        }

        if (!node.IsNull)
        {
            context.Add(node, $"{what} must be keys and values.");
        }

        return new YamlMap(new YamlNode(YamlKind.Mapping, node.Line, node.Column), context);
    }

    internal YamlNode? Find(string key)
    {
        if (!_known.Contains(key))
        {
            _known.Add(key);
        }

        var value = _node.Pairs.Find(p => p.Key.Text == key).Value;
        return value is null || value.IsNull ? null : value;
    }

    internal string? Text(string key)
    {
        var value = Find(key);
        return value is null ? null : _context.Text(value, $"'{key}'");
    }

    internal IReadOnlyList<string> Texts(string key) => Find(key) is { } value ? _context.Texts(value, $"'{key}'") : [];

    internal int? Number(string key)
    {
        if (Find(key) is not { } value || _context.Text(value, $"'{key}'") is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        _context.Add(value, $"'{key}' must be a whole number, not '{Shorten(text)}'.");
        return null;
    }

    /// <summary>A whole number of 1 or more.</summary>
    internal int? Count(string key)
    {
        var number = Number(key);
        if (number == 0)
        {
            _context.Add(Find(key)!, $"'{key}' must be 1 or more.");
            return null;
        }

        return number;
    }

    internal bool? Flag(string key)
    {
        if (Find(key) is not { } value || _context.Text(value, $"'{key}'") is not { } text)
        {
            return null;
        }

        switch (text.ToLowerInvariant())
        {
            case "true" or "yes" or "on":
                return true;
            case "false" or "no" or "off":
                return false;
            default:
                _context.Add(value, $"'{key}' must be true or false, not '{Shorten(text)}'.");
                return null;
        }
    }

    internal DateTimeOffset? Time(string key)
    {
        if (Find(key) is not { } value || _context.Text(value, $"'{key}'") is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        _context.Add(value, $"'{key}' must be a time such as 2024-01-31, not '{Shorten(text)}'.");
        return null;
    }

    internal T? Word<T>(string key, params T[] words)
        where T : struct, Enum
    {
        if (Find(key) is not { } value || _context.Text(value, $"'{key}'") is not { } text)
        {
            return null;
        }

        foreach (var word in words)
        {
            if (word.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        _context.Add(value, $"'{key}' must be one of {string.Join(", ", words)}, not '{Shorten(text)}'.");
        return null;
    }

    internal YamlMap? Map(string key) => Find(key) is { } value ? Of(value, $"'{key}'", _context) : null;

    internal void RefuseOthers()
    {
        foreach (var (key, _) in _node.Pairs.Where(p => !_known.Contains(p.Key.Text)))
        {
            var near = Spelling.Nearest(key.Text, _known);
            _context.Add(
                key, $"There is no key '{Shorten(key.Text)}' here; {(near is null ? "the keys are " + string.Join(", ", _known) : $"was '{near}' meant")}"
                    + (near is null ? "." : "?"));
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text.Substring(0, 60) + "…";
}
