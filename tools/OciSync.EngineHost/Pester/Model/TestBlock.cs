using System.Management.Automation;

namespace OciSync.EngineHost.Pester.Model;

/// <summary>A Describe or Context, or (as root) a test file.</summary>
public sealed class TestBlock : TestNode
{
    internal TestBlock(TestBlock? parent, string name, ScriptBlock? body, NodeOptions options)
        : base(parent, name, body, options)
    {
    }

    internal bool IsRoot => Parent is null;

    internal List<TestNode> Children { get; } = [];

    internal Dictionary<SetupKind, ScriptBlock> Setups { get; } = [];

    internal IEnumerable<TestCase> Tests => Children.SelectMany(static child => child switch
    {
        TestBlock block => block.Tests,
        TestCase test => [test],
        _ => [],
    });

    /// <summary>This block and those around it, the outermost first.</summary>
    internal IEnumerable<TestBlock> FromRoot => Parent is null ? [this] : Parent.FromRoot.Append(this);
}
