using System.Globalization;
using System.Text.Json;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Bundles;

/// <summary>JSON of Protocol Buffers: what has its default value may be missing, and large numbers are texts.</summary>
internal static class ProtoJson
{
    /// <summary>The object of a member, or null where it is missing or <c>null</c>.</summary>
    internal static Dictionary<string, JsonElement>? Object(this Dictionary<string, JsonElement> members, string name) =>
        Find(members, name) is { } value ? StrictJson.Members(value, name) : null;

    /// <summary>The object of a member.</summary>
    /// <exception cref="FormatException">It is missing, or something else.</exception>
    internal static Dictionary<string, JsonElement> NeedObject(this Dictionary<string, JsonElement> members, string name) =>
        Object(members, name) ?? throw new FormatException($"{name} is missing");

    /// <summary>The objects of a list; none where it is missing.</summary>
    internal static IReadOnlyList<Dictionary<string, JsonElement>> Objects(this Dictionary<string, JsonElement> members, string name, int most) =>
        [.. Items(members, name, most).Select(i => StrictJson.Members(i, name))];

    /// <summary>The values of a list; none where it is missing.</summary>
    internal static IReadOnlyList<JsonElement> Items(this Dictionary<string, JsonElement> members, string name, int most) => Find(members, name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() <= most => [.. list.EnumerateArray()],
        { ValueKind: JsonValueKind.Array } => throw new FormatException($"{name} has more than {most} entries"),
        _ => throw new FormatException($"{name} is no list"),
    };

    /// <summary>A text; empty where it is missing.</summary>
    internal static string Text(this Dictionary<string, JsonElement> members, string name) =>
        Find(members, name) is { } value ? StrictJson.Text(value, name) : string.Empty;

    /// <summary>Bytes in base64; none where they are missing.</summary>
    internal static byte[] Bytes(this Dictionary<string, JsonElement> members, string name) =>
        Find(members, name) is { } value ? StrictJson.Bytes(value, name) : [];

    /// <summary>A whole number that isn't negative; 0 where it is missing.</summary>
    internal static long Whole(this Dictionary<string, JsonElement> members, string name)
    {
        if (Find(members, name) is not { } value)
        {
            return 0;
        }

        var isNumber = value.ValueKind == JsonValueKind.Number ? value.TryGetInt64(out var number)
            : long.TryParse(StrictJson.Text(value, name), NumberStyles.None, CultureInfo.InvariantCulture, out number);
        return isNumber && number >= 0 ? number : throw new FormatException($"{name} is no whole number");
    }

    /// <summary>A time (RFC 3339), or null where it is missing.</summary>
    internal static DateTimeOffset? Time(this Dictionary<string, JsonElement> members, string name) =>
        Find(members, name) is not { } value ? null
        : DateTimeOffset.TryParse(
            StrictJson.Text(value, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : throw new FormatException($"{name} is no time");

    private static JsonElement? Find(Dictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
