using System.Collections;
using System.Globalization;
using System.Reflection;
using OciSync.Core.Errors;
using OciSync.Core.Text;

namespace OciSync.Core.Rows;

/// <summary>Rows from what is left of them after JSON, CSV, Clixml or a projection: fields by the names of the properties.</summary>
public static class ResultFields
{
    internal static readonly IReadOnlyList<PropertyInfo> All =
        typeof(OciSyncResult).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).ToList();

    /// <summary>Reads a row. A field that is missing, or is no value of its kind, is as if the run had not known it.</summary>
    /// <param name="field">The value of a name, or null: a text, number, truth, time, span or list.</param>
    /// <exception cref="OciException">Its status is none of ours, or it names no image: it is no row (<see cref="OciErrorKind.ReportInvalid"/>).</exception>
    public static OciSyncResult Read(Func<string, object?> field)
    {
        var row = new OciSyncResult();
        foreach (var property in All)
        {
            if (Convert(field(property.Name), Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { } value)
            {
                property.SetValue(row, value);
            }
        }

        return !SyncStatus.All.Contains(row.Status)
            ? throw Fault($"its Status '{Printable.Text(row.Status)}' is none of OciSync's ({string.Join(", ", SyncStatus.All)})")
            : row.Source.Length + row.Destination.Length == 0 ? throw Fault("it has neither a Source nor a Destination") : row;
    }

    private static OciException Fault(string what) => new(OciErrorKind.ReportInvalid, $"This is no row of a run: {what}.");

    private static object? Convert(object? value, Type type) =>
        value is null ? null
        : type == typeof(string) ? (ToText(value) is { Length: > 0 } text ? text : null)
        : type == typeof(long) ? ToNumber(value)
        : type == typeof(int) ? (ToNumber(value) is { } number ? (int)Math.Min(number, int.MaxValue) : null)
        : type == typeof(bool) ? (bool.TryParse(ToText(value), out var truth) ? truth : null)
        : type == typeof(DateTimeOffset) ? ToTime(value)
        : type == typeof(TimeSpan) ? ToSpan(value)
        : type == typeof(TextList<string>) ? ToList(value)
        : null;

    private static string ToText(object value) => System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;

    // Nothing that is counted here can be negative.
    private static long? ToNumber(object value) =>
        long.TryParse(ToText(value), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : null;

    private static DateTimeOffset? ToTime(object value) => value switch
    {
        DateTimeOffset time => time,
        DateTime time => new DateTimeOffset(time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time),
        _ => DateTimeOffset.TryParse(ToText(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            || DateTimeOffset.TryParse(ToText(value), CultureInfo.CurrentCulture, DateTimeStyles.AssumeUniversal, out time) ? time : null,
    };

    private static TimeSpan? ToSpan(object value) =>
        value is TimeSpan span || TimeSpan.TryParse(ToText(value), CultureInfo.InvariantCulture, out span) ? (span < TimeSpan.Zero ? null : span) : null;

    private static TextList<string> ToList(object value)
    {
        var items = value is IEnumerable list and not string ? list.Cast<object?>() : ToText(value).Split([", "], StringSplitOptions.RemoveEmptyEntries);
        return new TextList<string>(items.Where(i => i is not null).Select(i => ToText(i!)).ToArray());
    }
}
