using System.Collections;
using System.Management.Automation;

namespace OciSync.EngineHost.Pester.Should;

/// <summary>Values as a reader of a failure wants to see them.</summary>
internal static class Text
{
    public static string Of(object? value) => (value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value) switch
    {
        null => "$null",
        string text => $"'{text}'",
        bool flag => flag ? "$true" : "$false",
        Type type => $"[{type.FullName}]",
        ScriptBlock block => $"{{{block}}}",
        IDictionary table => $"@{{{string.Join("; ", table.Keys.Cast<object>().Select(key => $"{key}={Of(table[key])}"))}}}",
        object?[] { Length: 1 } items => Of(items[0]),
        IEnumerable items => $"@({string.Join(", ", items.Cast<object?>().Select(Of))})",
        var other => LanguagePrimitives.ConvertTo<string>(other),
    };
}
