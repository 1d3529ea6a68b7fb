namespace OciSync.EngineHost.Tests;

/// <summary>What a <see cref="GetProbeCommand"/> saw.</summary>
public sealed class Probe
{
    public int Written { get; set; }

    public bool Ended { get; set; }

    public bool Disposed { get; set; }

    public string? Unwound { get; set; }
}
