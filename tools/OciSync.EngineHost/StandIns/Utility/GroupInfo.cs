using System.Collections.ObjectModel;
using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Utility;

/// <summary>One output object of Group-Object.</summary>
public sealed class GroupInfo
{
    private readonly bool _keepMembers;

    internal GroupInfo(IReadOnlyList<object?> values, bool keepMembers)
    {
        Values = values;
        _keepMembers = keepMembers;
    }

    public int Count { get; private set; }

    public string Name => string.Join(", ", Values.Select(static v => LanguagePrimitives.ConvertTo<string>(v)));

    public Collection<PSObject> Group { get; } = [];

    public IReadOnlyList<object?> Values { get; }

    internal void Add(PSObject member)
    {
        Count++;
        if (_keepMembers)
        {
            Group.Add(member);
        }
    }
}
