using System.Text.Json;
using OciSync.Core.Text;

namespace OciSync.Core.Signing;

/// <summary>
/// Reads a JSON text (RFC 8259) strictly: no byte order mark, no comment, nothing after the end, no name twice in an object, no text that
/// isn't Unicode.
/// </summary>
internal static class PlacedJsonReader
{
    // What a policy needs is seven deep.
    private const int MaxDepth = 64;

    /// <exception cref="PolicyFaultException">It is no such text.</exception>
    internal static PlacedJson Read(byte[] content)
    {
        if (content.Length > 0 && content[0] is 0xEF or 0xFE or 0xFF)
        {
            throw PlacedJson.At(content, 0, "it begins with a byte order mark; save it as UTF-8 without one", string.Empty);
        }

        if (content.All(b => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
        {
            throw PlacedJson.At(content, 0, "it is empty", string.Empty);
        }

        var reader = new Utf8JsonReader(content, new JsonReaderOptions { MaxDepth = MaxDepth });
        PlacedJson? root = null;
        try
        {
            reader.Read();
            root = ReadValue(content, ref reader, null, null, 0, 0);

            // What follows is refused here.
            reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            throw new PolicyFaultException("it is not JSON: " + Describe(e), (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, string.Empty, e);
        }
        catch (InvalidOperationException e)
        {
            // So the reader says that a text isn't UTF-8, or has half of a surrogate pair.
            throw PlacedJson.At(content, (int)reader.TokenStartIndex, "this text is not valid Unicode", string.Empty, e);
        }
    }

    private static PlacedJson ReadValue(byte[] content, ref Utf8JsonReader reader, PlacedJson? parent, string? name, int index, int offset)
    {
        var place = name is null ? (int)reader.TokenStartIndex : offset;
        var value = new PlacedJson(content, place, parent, name, index) { Kind = KindOf(reader.TokenType), Text = TextOf(ref reader) };
        if (value.Kind == JsonValueKind.Array)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                value.Items.Add(ReadValue(content, ref reader, value, null, value.Items.Count, 0));
            }
        }
        else if (value.Kind == JsonValueKind.Object)
        {
            ReadMembers(content, ref reader, value);
        }

        return value;
    }

    private static void ReadMembers(byte[] content, ref Utf8JsonReader reader, PlacedJson value)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (name, place) = (reader.GetString()!, (int)reader.TokenStartIndex);
            if (!names.Add(name))
            {
                throw new PlacedJson(content, place, value, name, 0).Fault("this key stands twice");
            }

            reader.Read();
            value.Items.Add(ReadValue(content, ref reader, value, name, value.Items.Count, place));
        }
    }

    private static string TextOf(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? reader.GetString()! : string.Empty;

    private static JsonValueKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => JsonValueKind.Object,
        JsonTokenType.StartArray => JsonValueKind.Array,
        JsonTokenType.String => JsonValueKind.String,
        JsonTokenType.Number => JsonValueKind.Number,
        JsonTokenType.Null => JsonValueKind.Null,
        _ => JsonValueKind.True,
    };

    // Without the place at its end, which is told before it.
    private static string Describe(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return Printable.Line((end < 0 ? e.Message : e.Message.Substring(0, end)).TrimEnd('.'));
    }
}
