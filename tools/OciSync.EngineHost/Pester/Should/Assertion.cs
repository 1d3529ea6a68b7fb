using System.Collections;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace OciSync.EngineHost.Pester.Should;

/// <summary>What each operator of Should asks, by the rules of PowerShell's own operators.</summary>
internal static class Assertion
{
    /// <summary>Whether it holds, and what was wanted in words that follow "Expected x".</summary>
    public static (bool Holds, string Wanted) Check(string name, object? actual, object? expected) => name switch
    {
        "Be" => (AreEqual(actual, expected, ignoreCase: true), "to be " + Text.Of(expected)),
        "BeExactly" => (AreEqual(actual, expected, ignoreCase: false), "to be exactly " + Text.Of(expected)),
        "BeTrue" => (LanguagePrimitives.IsTrue(actual), "to be true"),
        "BeFalse" => (!LanguagePrimitives.IsTrue(actual), "to be false"),
        "BeNullOrEmpty" => (IsNullOrEmpty(actual), "to be null or empty"),
        "BeLike" => (Wildcard(expected).IsMatch(Plain(actual)), "to be like " + Text.Of(expected)),
        "Match" => (Regex.IsMatch(Plain(actual), Plain(expected), RegexOptions.IgnoreCase), "to match " + Text.Of(expected)),
        "HaveCount" => (Items(actual).Count == Count(expected), $"to have {Text.Of(expected)} items (it has {Items(actual).Count})"),
        "Contain" => (Items(actual).Exists(item => ScalarsEqual(item, expected, ignoreCase: true)), "to contain " + Text.Of(expected)),
        "BeIn" => (Items(expected).Exists(item => ScalarsEqual(item, actual, ignoreCase: true)), "to be in " + Text.Of(expected)),
        "BeGreaterThan" => (Compare(actual, expected) > 0, "to be greater than " + Text.Of(expected)),
        "BeGreaterOrEqual" => (Compare(actual, expected) >= 0, "to be greater than or equal to " + Text.Of(expected)),
        "BeLessThan" => (Compare(actual, expected) < 0, "to be less than " + Text.Of(expected)),
        "BeLessOrEqual" => (Compare(actual, expected) <= 0, "to be less than or equal to " + Text.Of(expected)),
        "BeOfType" => (TypeOf(expected).IsInstanceOfType(Bare(actual)), "to be of type " + Text.Of(expected)),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown operator."),
    };

    private static bool AreEqual(object? actual, object? expected, bool ignoreCase)
    {
        var (first, second) = (Items(actual), Items(expected));
        if (IsNullOrEmpty(first) || IsNullOrEmpty(second))
        {
            return IsNullOrEmpty(first) && IsNullOrEmpty(second);
        }

        return first.Count == second.Count && first.Zip(second).All(pair => IsList(pair.First) || IsList(pair.Second)
            ? AreEqual(pair.First, pair.Second, ignoreCase)
            : ScalarsEqual(pair.First, pair.Second, ignoreCase));
    }

    private static bool ScalarsEqual(object? first, object? second, bool ignoreCase) =>
        LanguagePrimitives.Equals(first, second, ignoreCase);

    private static int Compare(object? first, object? second) => LanguagePrimitives.Compare(first, second, ignoreCase: true);

    private static bool IsNullOrEmpty(object? value) => Bare(value) switch
    {
        null => true,
        string text => text.Length == 0,
        IDictionary table => table.Count == 0,
        var other when IsList(other) => Items(other) is var items && (items.Count == 0 || (items.Count == 1 && IsNullOrEmpty(items[0]))),
        _ => false,
    };

    private static List<object?> Items(object? value) => Bare(value) switch
    {
        var list when IsList(list) => [.. ((IEnumerable)list!).Cast<object?>()],
        _ => [value],
    };

    private static int Count(object? expected) => LanguagePrimitives.ConvertTo<int>(expected) is >= 0 and var count
        ? count
        : throw new ArgumentException("Expected collection size must be greater than or equal to 0.");

    private static bool IsList(object? value) => Bare(value) is IEnumerable and not (string or IDictionary or System.Xml.XmlNode);

    private static WildcardPattern Wildcard(object? pattern) => new(Plain(pattern), WildcardOptions.IgnoreCase);

    private static string Plain(object? value) => LanguagePrimitives.ConvertTo<string>(value) ?? string.Empty;

    private static Type TypeOf(object? expected) => Bare(expected) as Type
        ?? LanguagePrimitives.ConvertTo<Type>(Plain(expected).Trim('[', ']'));

    private static object? Bare(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
}
