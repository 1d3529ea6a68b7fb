namespace OciSync.EngineHost.Pester;

/// <summary>The part of Pester's configuration that this runner knows; other settings do not exist on it.</summary>
public sealed class PesterConfiguration
{
    public RunSection Run { get; } = new();

    public FilterSection Filter { get; } = new();

    public OutputSection Output { get; } = new();
}
