using System.Management.Automation;

namespace OciSync.EngineHost.Pester.Model;

/// <summary>What blocks and tests have in common.</summary>
public abstract class TestNode
{
    internal TestNode(TestBlock? parent, string name, ScriptBlock? body, NodeOptions options)
    {
        Parent = parent;
        Name = name;
        ExpandedName = name;
        Body = body;
        Options = options;
    }

    /// <summary>The name as written, templates and all.</summary>
    public string Name { get; }

    public string ExpandedName { get; internal set; }

    public string ExpandedPath => Parent is { IsRoot: false } ? $"{Parent.ExpandedPath}.{ExpandedName}" : ExpandedName;

    public IReadOnlyList<string> Tag => Options.Tag;

    public IList<ErrorRecord> ErrorRecord { get; } = [];

    internal TestBlock? Parent { get; }

    internal ScriptBlock? Body { get; }

    internal NodeOptions Options { get; }

    internal bool IsSkipped => Options.Skip || Parent is { IsSkipped: true };
}
