using System.Globalization;
using System.Management.Automation;

namespace OciSync.EngineHost.StandIns;

/// <summary>The order of PowerShell's own comparison; what it cannot compare is compared as text.</summary>
internal sealed class ValueComparer(bool caseSensitive) : IComparer<object?>
{
    public int Compare(object? x, object? y)
    {
        var (first, second) = (Unwrap(x), Unwrap(y));
        if (first is null && second is null)
        {
            return 0;
        }

        return LanguagePrimitives.TryCompare(first, second, !caseSensitive, CultureInfo.CurrentCulture, out var result)
            ? result
            : string.Compare(Text(first), Text(second), !caseSensitive, CultureInfo.CurrentCulture);
    }

    private static string Text(object? value) => PSObject.AsPSObject(value ?? string.Empty).ToString();

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
