using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Utility;

/// <summary>An object with the values it is sorted by; a property it lacks is <see cref="SortOrder.Missing"/>.</summary>
internal sealed record SortKey(PSObject Item, object?[] Values);
