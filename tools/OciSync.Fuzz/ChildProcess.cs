using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OciSync.Fuzzing;

namespace OciSync.Fuzz;

/// <summary>One parser in a process of its own, so that one that overflows the stack or never ends is found as well.</summary>
internal static class ChildProcess
{
    private const string Mark = "outcome: ";

    // What a process may take beside its cases.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    internal static void Answer(FuzzOutcome outcome) => Console.WriteLine(Mark + JsonSerializer.Serialize(outcome));

    internal static async Task<FuzzOutcome> RunAsync(string name, FuzzOptions options)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in Arguments(name, options))
        {
            start.ArgumentList.Add(argument);
        }

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(options.Time + Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            return Fail(name, watch, "A case did not end.");
        }

        var line = (await output).Split('\n').FirstOrDefault(l => l.StartsWith(Mark, StringComparison.Ordinal));
        return line is null
            ? Fail(name, watch, $"The process ended with {process.ExitCode}: {await error}")
            : JsonSerializer.Deserialize<FuzzOutcome>(line[Mark.Length..])!;
    }

    private static string[] Arguments(string name, FuzzOptions options) =>
    [
        typeof(ChildProcess).Assembly.Location,
        "--child", name,
        "--cases", options.Cases.ToString(CultureInfo.InvariantCulture),
        "--minutes", options.Time.TotalMinutes.ToString(CultureInfo.InvariantCulture),
        "--seed", options.Seed.ToString(CultureInfo.InvariantCulture),
    ];

    private static FuzzOutcome Fail(string name, Stopwatch watch, string fault) => new(name, 0, watch.Elapsed.TotalSeconds, 0, 0, 0, $"{name}: {fault}");
}
