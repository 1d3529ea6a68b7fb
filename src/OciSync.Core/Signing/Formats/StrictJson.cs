using System.Text.Json;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Formats;

/// <summary>JSON of signatures: what is signed has one reading, so each name stands once, and no value is taken for another.</summary>
internal static class StrictJson
{
    /// <summary>The members of an object that has these, all of them and no others.</summary>
    /// <exception cref="FormatException">It is something else; the text names <paramref name="place"/>.</exception>
    internal static Dictionary<string, JsonElement> Exactly(JsonElement value, string place, params string[] names)
    {
        var members = Members(value, place);
        return members.Keys.FirstOrDefault(k => !names.Contains(k)) is { } unknown
            ? throw new FormatException($"{place} has the unknown key '{Printable.Text(unknown)}'")
            : names.FirstOrDefault(n => !members.ContainsKey(n)) is { } missing ? throw new FormatException($"{place} lacks the key {missing}")
            : members;
    }

    /// <summary>The members of an object, each name once.</summary>
    /// <exception cref="FormatException">It is something else; the text names <paramref name="place"/>.</exception>
    internal static Dictionary<string, JsonElement> Members(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"{place} is no object {{…}}");
        }

        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (members.ContainsKey(member.Name))
            {
                throw new FormatException($"{place} has the key '{Printable.Text(member.Name)}' twice");
            }

            members.Add(member.Name, member.Value);
        }

        return members;
    }

    /// <summary>A member that has to be there.</summary>
    /// <exception cref="FormatException">It is missing.</exception>
    internal static JsonElement Need(this Dictionary<string, JsonElement> members, string name, string place) =>
        members.TryGetValue(name, out var value) ? value : throw new FormatException($"{place} lacks the key {name}");

    /// <summary>The text of a string.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    internal static string Text(JsonElement value, string place) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"{place} is no text");

    /// <summary>The bytes of a text in base64; only line breaks may stand between.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    internal static byte[] Bytes(JsonElement value, string place) => Base64(Text(value, place), place);

    /// <summary>The bytes of base64 with its padding (RFC 4648, 4); only line breaks may stand between.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    internal static byte[] Base64(string text, string place)
    {
        try
        {
            return text.Any(c => c is ' ' or '\t') ? throw new FormatException() : Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{place} is not base64", e);
        }
    }

    /// <summary>
    /// Reads a JSON text, and says of every fault what it is.
    /// </summary>
    /// <exception cref="FormatException">It is no JSON, or <paramref name="read"/> says so.</exception>
    internal static T Read<T>(ReadOnlyMemory<byte> text, string what, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException($"{what} is not JSON", e);
        }
        catch (InvalidOperationException e)
        {
            // So the library says that a text in it isn't Unicode.
            throw new FormatException($"{what} is not valid Unicode", e);
        }
    }
}
