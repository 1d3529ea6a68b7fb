using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;
using OciSync.EngineHost.Pester.Running;

namespace OciSync.EngineHost.Pester.Commands;

/// <summary>The parameters of Describe, Context and It.</summary>
public abstract class BlockCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    public string Name { get; set; } = string.Empty;

    [Parameter]
    public string[] Tag { get; set; } = [];

    [Parameter]
    public SwitchParameter Skip { get; set; }

    [Parameter]
    [Alias("TestCases")]
    [AllowEmptyCollection]
    [AllowNull]
    public object?[]? ForEach { get; set; }

    private protected abstract void Add(Discovery discovery, NodeOptions options);

    protected override void EndProcessing()
    {
        var discovery = Discovery.Current(this);
        if (!MyInvocation.BoundParameters.ContainsKey(nameof(ForEach)))
        {
            Add(discovery, new NodeOptions(Tag, Skip, HasData: false, Data: null));
            return;
        }

        // As in Pester: a missing list is a mistake in the test file, not an empty run.
        if (ForEach is null or [])
        {
            throw new PSArgumentException($"'{Name}': -ForEach is null or empty.");
        }

        foreach (var item in ForEach)
        {
            Add(discovery, new NodeOptions(Tag, Skip, HasData: true, item));
        }
    }
}
