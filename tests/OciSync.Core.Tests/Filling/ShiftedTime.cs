namespace OciSync.Core.Tests.Filling;

/// <summary>The real clock, set forward.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    internal TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
