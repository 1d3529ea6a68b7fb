namespace OciSync.Module.Tests.LongRuns;

/// <summary>How much a soak is to be.</summary>
/// <param name="Images">Images at the source.</param>
/// <param name="Repositories">Repositories they are spread over.</param>
/// <param name="Kills">How often a run is killed and begun again.</param>
/// <param name="Rounds">How often the last process mirrors everything.</param>
/// <param name="Seed">Decides faults and moments.</param>
internal sealed record SoakSize(int Images, int Repositories, int Kills, int Rounds, int Seed)
{
    /// <summary>How many of a hundred requests are struck.</summary>
    internal const double Percent = 5;

    /// <summary>Seconds without progress after which a transfer is given up.</summary>
    internal int StallSeconds { get; init; } = 2;
}
