using System.Text.Json;
using OciSync.Core.Errors;

namespace OciSync.Core.Registry;

/// <summary>One page of a list of tags or repositories. It is read as it stands, without a tree of it, so that a long page is no more than its names.</summary>
internal static class NamePage
{
    internal const int MaxNames = 1_000_000;

    /// <summary>Adds the names under <paramref name="key"/>; what isn't a text is passed over.</summary>
    /// <exception cref="OciException">The page is not JSON, or there are too many names.</exception>
    internal static void Read(byte[] body, string key, List<string> names, string target)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("It is no object.");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isList = reader.ValueTextEquals(key);
                reader.Read();
                if (isList && reader.TokenType == JsonTokenType.StartArray)
                {
                    ReadNames(ref reader, key, names, target);
                }
                else
                {
                    reader.Skip();
                }
            }

            // Anything behind the object is a fault as well.
            reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new OciException(OciErrorKind.ProtocolError, $"The list of {key} of '{target}' is not JSON.", e);
        }
    }

    private static void ReadNames(ref Utf8JsonReader reader, string key, List<string> names, string target)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
                continue;
            }

            if (names.Count == MaxNames)
            {
                throw new OciException(OciErrorKind.ProtocolError, $"The list of {key} of '{target}' has more than {MaxNames:N0} entries; no more are read.");
            }

            names.Add(reader.GetString()!);
        }
    }
}
