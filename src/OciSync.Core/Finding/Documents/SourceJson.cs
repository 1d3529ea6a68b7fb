using System.Text;
using System.Text.Json;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Documents;

/// <summary>
/// Foreign JSON (RFC 8259; comments and commas at the end are passed over) as <see cref="SourceNode"/>s with their offsets in the text. Several
/// values may follow one another.
/// </summary>
internal ref struct SourceJson
{
    private static readonly JsonReaderOptions Options = new()
    {
        MaxDepth = SourceLimits.Depth,
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private readonly SourceText _source;
    private readonly Utf8Offsets _offsets;
    private readonly Action<SourceNode, int>? _onItem;
    private readonly byte[] _bytes;
    private Utf8JsonReader _reader;
    private int _from;
    private int _count;

    private SourceJson(SourceText source, int start, int length, byte[] bytes, Action<SourceNode, int>? onItem)
    {
        _source = source;
        _bytes = bytes;
        _offsets = new Utf8Offsets(source.Text, start, length, bytes.Length);
        _onItem = length >= SourceLimits.Streamed ? onItem : null;
        _reader = new Utf8JsonReader(bytes, Options);
    }

    /// <summary>Reads the values of a stretch of text.</summary>
    /// <param name="source">The text.</param>
    /// <param name="start">Where the stretch begins.</param>
    /// <param name="length">Its length.</param>
    /// <param name="onItem">Of a long document, given each value of the list <c>items</c> at its top as it is read; they are not in the document then.</param>
    /// <param name="onDocument">Given each value.</param>
    /// <exception cref="SourceFaultException">It is no JSON, or too much of it.</exception>
    internal static void Read(SourceText source, int start, int length, Action<SourceNode, int>? onItem, Action<SourceNode> onDocument)
    {
        var reader = new SourceJson(source, start, length, Encode(source.Text, start, length), onItem);
        try
        {
            while (reader.HasMore() && reader._reader.Read())
            {
                onDocument(reader.ReadValue(0));
            }
        }
        catch (JsonException e)
        {
            throw new SourceFaultException(reader.Offset(reader._reader.BytesConsumed), "This is no JSON: " + Describe(e), IsTooDeep(e));
        }
        catch (InvalidOperationException)
        {
            // So the reader says that a text has half of a surrogate pair.
            throw new SourceFaultException(reader.Offset(reader._reader.TokenStartIndex), "This is no JSON: a text in it is not valid Unicode.");
        }
    }

    private static byte[] Encode(string text, int start, int length) =>
        Encoding.UTF8.GetBytes(start == 0 && length == text.Length ? text : text.Substring(start, length));

    private readonly int Offset(long bytes) => _offsets.ToText(_from + (int)bytes);

    // The platform's reader takes one value, and catalogues of OLM have many, one behind the other.
    private bool HasMore()
    {
        var next = _from + (int)_reader.BytesConsumed;
        while (next < _bytes.Length && _bytes[next] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            next++;
        }

        if (_reader.BytesConsumed > 0)
        {
            _from = next;
            _reader = new Utf8JsonReader(_bytes.AsSpan(next), Options);
        }

        return next < _bytes.Length;
    }

    private SourceNode ReadValue(int depth)
    {
        if (++_count > SourceLimits.Nodes)
        {
            throw new SourceFaultException(Offset(_reader.TokenStartIndex), $"This is more than {SourceLimits.Nodes} values.", isLimit: true);
        }

        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(depth),
            JsonTokenType.StartArray => ReadArray(depth),
            _ => ReadScalar(),
        };
    }

    private readonly SourceNode ReadScalar()
    {
        var isText = _reader.TokenType == JsonTokenType.String;
        var text = isText ? _reader.GetString()! : Encoding.UTF8.GetString(_reader.ValueSpan.ToArray());
        var start = Offset(_reader.TokenStartIndex + (isText ? 1 : 0));
        return new SourceNode(_source, YamlKind.Scalar, start)
        {
            Text = text,
            Style = isText ? SourceStyle.Json : SourceStyle.JsonWord,
            Length = Offset(_reader.TokenStartIndex + (isText ? 1 : 0) + _reader.ValueSpan.Length) - start,
        };
    }

    private SourceNode ReadArray(int depth)
    {
        var node = new SourceNode(_source, YamlKind.Sequence, Offset(_reader.TokenStartIndex));
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            node.Items.Add(ReadValue(depth + 1));
        }

        return node;
    }

    private SourceNode ReadObject(int depth)
    {
        var node = new SourceNode(_source, YamlKind.Mapping, Offset(_reader.TokenStartIndex));
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var (key, place) = (_reader.GetString()!, Offset(_reader.TokenStartIndex));
            _reader.Read();
            if (depth == 0 && key == "items" && _onItem is not null && _reader.TokenType == JsonTokenType.StartArray)
            {
                ReadItems();
                continue;
            }

            node.Pairs.Add(new SourcePair(key, place, ReadValue(depth + 1)));
        }

        node.Length = Offset(_reader.BytesConsumed) - node.Start;
        return node;
    }

    // The list of a long answer of kubectl's: each value is handed on and forgotten, and counts for itself.
    private void ReadItems()
    {
        for (var index = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; index++)
        {
            _count = 0;
            _onItem!(ReadValue(2), index);
        }
    }

    // The reader has no other word for it.
    private static bool IsTooDeep(JsonException e) => e.Message.IndexOf("depth", StringComparison.OrdinalIgnoreCase) >= 0;

    // Without the place at its end, which is told before it.
    private static string Describe(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message.Substring(0, end);
    }
}
