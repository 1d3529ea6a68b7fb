namespace OciSync.EngineHost.Pester.Model;

/// <summary>The parameters that Describe, Context and It share, for one element of -ForEach.</summary>
internal sealed record NodeOptions(IReadOnlyList<string> Tag, bool Skip, bool HasData, object? Data)
{
    public static NodeOptions None { get; } = new([], false, false, null);
}
