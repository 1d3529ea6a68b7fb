using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace OciSync.PowerShell.Parameters;

/// <summary>Objects of PowerShell (of ConvertFrom-Json, hashtables) as pairs, lists and texts, which the engine reads.</summary>
internal static class PlainObjects
{
    // Deeper than the engine reads: it is the one to say so.
    private const int Deepest = 120;

    /// <summary>Whether an object is made of names and values.</summary>
    internal static bool IsRecord(object value) => value is IDictionary or PSCustomObject;

    internal static object? Read(object? value) => Read(value, 0);

    private static object? Read(object? value, int depth)
    {
        if (depth > Deepest)
        {
            return null;
        }

        var inner = value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
        return inner switch
        {
            null => null,
            string text => text,
            DateTime time => time.ToString("o", CultureInfo.InvariantCulture),
            IDictionary pairs => pairs.Cast<DictionaryEntry>()
                .Select(p => new KeyValuePair<string, object?>(p.Key.ToString() ?? string.Empty, Read(p.Value, depth + 1))).ToArray(),
            PSObject record => record.Properties.Where(p => p.MemberType == PSMemberTypes.NoteProperty)
                .Select(p => new KeyValuePair<string, object?>(p.Name, Read(p.Value, depth + 1))).ToArray(),
            IEnumerable items => items.Cast<object?>().Select(i => Read(i, depth + 1)).ToArray(),
            _ => inner,
        };
    }
}
