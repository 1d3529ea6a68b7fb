namespace OciSync.EngineHost.StandIns.Utility;

/// <summary>The output object of Measure-Object; what was not asked for is null.</summary>
public sealed record MeasureInfo(int Count, double? Average, double? Sum, double? Maximum, double? Minimum, string? Property);
