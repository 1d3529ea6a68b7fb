namespace OciSync.Core.Tests.Reliability;

/// <summary>What came of a case: the walker's word on the destination, and what the run said.</summary>
/// <param name="Case">The case.</param>
/// <param name="Text">For the table: "whole", with the further attempts, or the error's id.</param>
/// <param name="Wrong">What is not as it has to be, or null.</param>
/// <param name="Seconds">How long the run took.</param>
internal sealed record FaultOutcome(FaultCase Case, string Text, string? Wrong, double Seconds);
