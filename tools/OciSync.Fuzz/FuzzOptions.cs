using System.Globalization;

namespace OciSync.Fuzz;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    /// <summary>Parts of names of parsers; none means all.</summary>
    internal List<string> Names { get; init; } = [];

    internal long Cases { get; init; } = 10_000_000;

    internal TimeSpan Time { get; init; } = TimeSpan.FromMinutes(10);

    internal ulong Seed { get; init; } = 1;

    internal int Jobs { get; init; } = Environment.ProcessorCount;

    internal string? Record { get; init; }

    /// <summary>This process tries one parser, and answers to the one that started it.</summary>
    internal string? Child { get; init; }

    internal static FuzzOptions? Parse(string[] arguments)
    {
        var options = new FuzzOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                options.Names.Add(arguments[i]);
                continue;
            }

            if (i + 1 == arguments.Length || options.With(arguments[i], arguments[++i]) is not { } next)
            {
                return null;
            }

            options = next;
        }

        return options;
    }

    private FuzzOptions? With(string name, string value)
    {
        var isNumber = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0;
        return name switch
        {
            "--cases" when isNumber => this with { Cases = (long)number },
            "--minutes" when isNumber => this with { Time = TimeSpan.FromMinutes(number) },
            "--seed" when isNumber => this with { Seed = (ulong)number },
            "--jobs" when isNumber => this with { Jobs = (int)number },
            "--record" => this with { Record = value },
            "--child" => this with { Child = value },
            _ => null,
        };
    }
}
