namespace OciSync.EngineHost.Pester;

/// <summary>What to run and what to do at the end.</summary>
public sealed class RunSection
{
    public string[] Path { get; set; } = ["."];

    public bool PassThru { get; set; }

    public bool Exit { get; set; }
}
