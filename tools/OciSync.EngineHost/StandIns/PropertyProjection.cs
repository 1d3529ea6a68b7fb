using System.Collections;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace OciSync.EngineHost.StandIns;

/// <summary>One element of a -Property argument: a name, a wildcard, a script block or a calculated property.</summary>
internal sealed class PropertyProjection
{
    private readonly PSPropertyExpression _expression;
    private readonly string? _name;

    private PropertyProjection(PSPropertyExpression expression, string? name, bool? descending)
    {
        _expression = expression;
        _name = name;
        Descending = descending;
    }

    /// <summary>The order this property asks for itself, by a key <c>Ascending</c> or <c>Descending</c>.</summary>
    public bool? Descending { get; }

    public static IReadOnlyList<PropertyProjection> ParseAll(IEnumerable<object?>? properties, params string[] keys) =>
        [.. (properties ?? []).Select(property => Parse(property, keys))];

    /// <summary>Names and values on <paramref name="input"/>; a plain name that does not exist gives one null value.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Values(PSObject input)
    {
        var found = false;
        foreach (var resolved in _expression.ResolveNames(input))
        {
            foreach (var result in resolved.GetValues(input))
            {
                found = true;
                yield return KeyValuePair.Create<string, object?>(_name ?? result.ResolvedExpression.ToString(), result.Result);
            }
        }

        if (!found && !_expression.HasWildCardCharacters)
        {
            yield return KeyValuePair.Create<string, object?>(_name ?? _expression.ToString(), null);
        }
    }

    public object? FirstValue(PSObject input) => Values(input).Select(static pair => pair.Value).FirstOrDefault();

    /// <summary>False when a plain name is not a property of <paramref name="input"/>.</summary>
    public bool Exists(PSObject input) => _expression.Script is not null || _expression.ResolveNames(input).Any(r => r.GetValues(input).Count > 0);

    private static PropertyProjection Parse(object? property, string[] keys) => Unwrap(property) switch
    {
        IDictionary table => Parse(table, keys),
        var plain => new PropertyProjection(Expression(plain), null, null),
    };

    private static PropertyProjection Parse(IDictionary table, string[] keys)
    {
        string? name = null;
        PSPropertyExpression? expression = null;
        bool? descending = null;
        foreach (DictionaryEntry entry in table)
        {
            var typed = entry.Key.ToString() ?? string.Empty;
            var key = Array.Find(keys, k => typed.Length > 0 && k.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
                ?? throw new PSArgumentException($"The '{typed}' key is not valid. The valid keys are {string.Join(", ", keys)}.");
            switch (key)
            {
                case "Expression":
                    expression = Expression(Unwrap(entry.Value));
                    break;
                case "Descending" or "Ascending":
                    descending = LanguagePrimitives.IsTrue(entry.Value) == (key == "Descending");
                    break;
                default:
                    name = LanguagePrimitives.ConvertTo<string>(entry.Value);
                    break;
            }
        }

        return new PropertyProjection(
            expression ?? throw new PSArgumentException("The Expression key of a calculated property is missing."), name, descending);
    }

    private static PSPropertyExpression Expression(object? value) => value switch
    {
        ScriptBlock script => new PSPropertyExpression(script),
        null => throw new PSArgumentNullException(nameof(value), "A property must be a name, a script block or a hashtable, not null."),
        _ => new PSPropertyExpression(LanguagePrimitives.ConvertTo<string>(value)),
    };

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
