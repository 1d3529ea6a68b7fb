namespace OciSync.Fuzzing;

/// <summary>What came of trying one parser.</summary>
/// <param name="Name">The parser.</param>
/// <param name="Cases">How many inputs it was given.</param>
/// <param name="Seconds">How long that took.</param>
/// <param name="Slowest">The longest case in milliseconds.</param>
/// <param name="MostAllocated">The bytes that the greediest case allocated.</param>
/// <param name="Longest">The length of the longest input.</param>
/// <param name="Failure">What went wrong, with the input; null when nothing did.</param>
internal sealed record FuzzOutcome(string Name, long Cases, double Seconds, double Slowest, long MostAllocated, int Longest, string? Failure);
