namespace OciSync.Module.Tests.LongRuns;

/// <summary>What a soak measured.</summary>
internal sealed class SoakFigures
{
    internal int Kills { get; set; }

    /// <summary>Kills that struck two runs at once.</summary>
    internal int Twins { get; set; }

    /// <summary>Processes that were killed or had ended by then.</summary>
    internal List<ProcessSamples> Killed { get; } = [];

    /// <summary>What the last process wrote: a line for each of its rounds.</summary>
    internal IReadOnlyList<string> Rounds { get; set; } = [];

    internal ProcessSamples Last { get; } = new();

    /// <summary>Images that the destinations lacked before the run without faults.</summary>
    internal int MissingBefore { get; set; }

    internal int ReadBySkopeo { get; set; }

    internal double RunSeconds { get; set; }

    internal double CheckSeconds { get; set; }
}
