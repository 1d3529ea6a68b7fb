using System.Globalization;

namespace OciSync.TestRegistry;

/// <summary>Options of the command line: <c>--name value</c>, <c>--flag</c>, and the rest.</summary>
internal sealed class Arguments
{
    private static readonly HashSet<string> Flags =
        ["--token", "--anonymous-pull", "--tls", "--no-http2", "--attestation", "--docker", "--zstd", "--shared-layers", "--equal", "--no-access-log"];

    private readonly List<KeyValuePair<string, string>> options = [];
    private readonly HashSet<string> used = [];

    internal Arguments(IEnumerable<string> args)
    {
        using var items = args.GetEnumerator();
        while (items.MoveNext())
        {
            var item = items.Current;
            if (!item.StartsWith("--", StringComparison.Ordinal))
            {
                Rest.Add(item);
            }
            else if (Flags.Contains(item))
            {
                options.Add(KeyValuePair.Create(item, ""));
            }
            else
            {
                options.Add(KeyValuePair.Create(item, items.MoveNext() ? items.Current : throw new FormatException($"{item} needs a value.")));
            }
        }
    }

    internal List<string> Rest { get; } = [];

    internal bool Has(string name) => All(name).Count > 0;

    internal string? Text(string name) => All(name).LastOrDefault();

    internal long? Number(string name) =>
        Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException($"{name} needs a number, not '{text}'.");

    internal List<string> All(string name)
    {
        used.Add(name);
        return [.. options.Where(option => option.Key == name).Select(option => option.Value)];
    }

    /// <summary>To be called when all known options were read.</summary>
    internal void RefuseOthers()
    {
        if (options.Find(option => !used.Contains(option.Key)).Key is { } unknown)
        {
            throw new FormatException($"There is no option {unknown} here.");
        }
    }
}
