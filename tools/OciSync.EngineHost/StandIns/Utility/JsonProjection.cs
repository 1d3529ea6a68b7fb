using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Newtonsoft.Json.Linq;

namespace OciSync.EngineHost.StandIns.Utility;

/// <summary>Turns objects into plain dictionaries, lists and scalars, down to a depth; below it they become text.</summary>
internal sealed class JsonProjection(int maxDepth, bool enumsAsText)
{
    public bool WasCut { get; private set; }

    public object? Project(object? value, int depth = 0)
    {
        var wrapped = value as PSObject;
        var bare = wrapped?.BaseObject ?? value;
        if (bare is null or DBNull || value == System.Management.Automation.Internal.AutomationNull.Value)
        {
            return null;
        }

        if (Scalar(bare) is { } scalar)
        {
            return bare is string or DateTime ? scalar : WithExtended(wrapped, scalar, depth);
        }

        if (depth > maxDepth)
        {
            WasCut = true;
            return LanguagePrimitives.ConvertTo<string>(bare is PSCustomObject ? wrapped : bare);
        }

        return bare switch
        {
            IDictionary table => WithExtended(wrapped, Table(table, depth), depth),
            IEnumerable items => WithExtended(wrapped, items.Cast<object?>().Select(i => Project(i, depth + 1)).ToList(), depth),
            _ => Members(wrapped ?? PSObject.AsPSObject(bare), depth),
        };
    }

    private object? Scalar(object value) => value switch
    {
        Enum e when enumsAsText || Enum.GetUnderlyingType(e.GetType()) is var t && (t == typeof(long) || t == typeof(ulong)) => e.ToString(),
        string or DateTime or DateTimeOffset or Guid or Uri or decimal or Enum or JToken or System.Numerics.BigInteger => value,
        _ => value.GetType().IsPrimitive ? value : null,
    };

    private Dictionary<string, object?> Table(IDictionary table, int depth)
    {
        var result = new Dictionary<string, object?>(table.Count);
        foreach (DictionaryEntry entry in table)
        {
            var name = entry.Key as string ?? throw new InvalidOperationException(
                $"The type '{table.GetType().FullName}' is not supported for serialization of a dictionary. Keys must be strings.");
            result.Add(name, Project(entry.Value, depth + 1));
        }

        return result;
    }

    private Dictionary<string, object?> Members(PSObject value, int depth)
    {
        var result = new Dictionary<string, object?>();
        foreach (var property in value.Properties.Where(static p => p.MemberType != PSMemberTypes.MemberSet && p.IsGettable))
        {
            result[property.Name] = Project(ValueOf(property), depth + 1);
        }

        return result;
    }

    // A number or list that carries added properties is written as { "value": …, added properties }.
    private object WithExtended(PSObject? wrapped, object projected, int depth)
    {
        var added = wrapped?.Properties.Where(static p => p.MemberType == PSMemberTypes.NoteProperty).ToList();
        if (added is not { Count: > 0 })
        {
            return projected;
        }

        var result = projected as Dictionary<string, object?> ?? new Dictionary<string, object?> { ["value"] = projected };
        foreach (var property in added)
        {
            result.TryAdd(property.Name, Project(ValueOf(property), depth + 1));
        }

        return result;
    }

    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            // As the original has it: a property that cannot be read is null.
            return null;
        }
    }
}
