namespace OciSync.EngineHost.Pester;

/// <summary>Which tests.</summary>
public sealed class FilterSection
{
    public string[] Tag { get; set; } = [];

    public string[] ExcludeTag { get; set; } = [];

    public string[] FullName { get; set; } = [];
}
