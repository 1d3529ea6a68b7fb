using System.Globalization;
using System.Text;
using OciSync.Fuzzing;

namespace OciSync.Fuzz;

/// <summary>The outcomes in words.</summary>
internal static class FuzzReport
{
    internal static string Line(FuzzOutcome o) => Text($"{o.Name}: {o.Cases:N0} cases in {o.Seconds:0.0} s, {(o.Failure is null ? "none bad" : "BAD")}");

    internal static string Write(IEnumerable<FuzzOutcome> outcomes, FuzzOptions options)
    {
        var text = new StringBuilder(Text($"""
            ## Parsers and made-up input

            Every parser of what comes from outside was given inputs near good ones, changed in a few places, and noise (`./build.sh fuzz`; at most
            {options.Cases:N0} cases or {options.Time.TotalMinutes:0.#} minutes each, seed {options.Seed}; {DateTime.UtcNow:yyyy-MM-dd}, .NET {Environment.Version}). A case is bad when it ends in anything but the
            documented failure, takes more than 5 s, allocates more than its input is worth (8 MiB, 16 where xz is read, and 400 bytes for each byte; 4,000 where a regular expression or TOML is read), breaks
            a property of the result, or shows a character that a terminal acts on. `./build.sh test` runs the first cases of the same seed.

            | parser | cases | time | slowest case | most allocated | longest input | bad |
            | --- | ---: | ---: | ---: | ---: | ---: | ---: |

            """));
        foreach (var o in outcomes)
        {
            text.Append(Text(
                $"| {o.Name} | {o.Cases:N0} | {o.Seconds:0} s | {o.Slowest:0} ms | {o.MostAllocated / 1048576.0:0.0} MB | {o.Longest / 1024.0:0} KB "
                + $"| {(o.Failure is null ? 0 : 1)} |\n"));
        }

        return text.ToString();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
