using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;

namespace OciSync.Fuzzing;

/// <summary>
/// Gives a parser input after input. A case is bad when it throws anything but what is documented, takes too long, or allocates more than
/// its input is worth. The same seed gives the same cases.
/// </summary>
internal static class FuzzRunner
{
    private const double LongestCase = 5_000;
    private const int ShownInput = 2_000;

    internal static FuzzOutcome Run(FuzzTarget target, ulong seed, long cases, TimeSpan time)
    {
        var whole = Stopwatch.StartNew();
        var outcome = new FuzzOutcome(target.Name, 0, 0, 0, 0, 0, null);
        for (long number = 0; number < cases && whole.Elapsed < time && outcome.Failure is null; number++)
        {
            // The stream is the case's own, so that one alone can be made again.
            var input = target.Input.Generate(new PCG((uint)(number % uint.MaxValue), seed + ((ulong)number << 20)), null, out _);
            outcome = Judge(target, input, number, outcome);
        }

        return outcome with { Seconds = whole.Elapsed.TotalSeconds };
    }

    private static FuzzOutcome Judge(FuzzTarget target, byte[] input, long number, FuzzOutcome before)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var begin = Stopwatch.GetTimestamp();
        string? fault = null;
        try
        {
            target.Try(input);
        }
        catch (Exception e)
        {
            fault = e.ToString();
        }

        var took = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        fault ??= took > LongestCase ? $"It took {took:0} ms." : null;
        fault ??= allocated > target.FreeBytes + ((long)target.BytesPerByte * input.Length)
            ? $"It allocated {allocated:N0} bytes for {input.Length:N0}."
            : null;
        return before with
        {
            Cases = number + 1,
            Slowest = Math.Max(before.Slowest, took),
            MostAllocated = Math.Max(before.MostAllocated, allocated),
            Longest = Math.Max(before.Longest, input.Length),
            Failure = fault is null ? null : Describe(target, input, number, fault),
        };
    }

    private static string Describe(FuzzTarget target, byte[] input, long number, string fault)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{target.Name}, case {number}: {fault}\ninput ({input.Length} bytes, base64): ");
        return text.Append(
            Convert.ToBase64String(input, 0, Math.Min(input.Length, ShownInput))).Append(input.Length > ShownInput ? "…" : string.Empty).ToString();
    }
}
