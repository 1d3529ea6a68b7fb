namespace OciSync.EngineHost.Pester;

/// <summary>How much to tell.</summary>
public sealed class OutputSection
{
    public string Verbosity { get; set; } = "Normal";
}
