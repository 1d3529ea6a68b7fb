using System.Management.Automation;

namespace OciSync.EngineHost.Pester.Model;

/// <summary>One It, for one element of its -ForEach.</summary>
public sealed class TestCase : TestNode
{
    internal TestCase(TestBlock parent, string name, ScriptBlock body, NodeOptions options)
        : base(parent, name, body, options)
    {
    }

    /// <summary>Passed, Failed, Skipped or NotRun.</summary>
    public string Result { get; internal set; } = "NotRun";

    public TimeSpan Duration { get; internal set; }

    internal bool IsSelected { get; set; } = true;
}
