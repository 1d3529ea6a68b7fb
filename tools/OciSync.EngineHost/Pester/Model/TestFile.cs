using System.Management.Automation;

namespace OciSync.EngineHost.Pester.Model;

/// <summary>One file of tests; an error here means that its discovery failed and nothing in it ran.</summary>
public sealed class TestFile
{
    internal TestFile(string path)
    {
        Item = path;
        Root = new TestBlock(null, path, null, NodeOptions.None);
    }

    public string Item { get; }

    public IList<ErrorRecord> ErrorRecord { get; } = [];

    internal TestBlock Root { get; }
}
