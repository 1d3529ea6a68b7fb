using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell;

namespace OciSync.EngineHost.Hosting;

/// <summary>The engine's own commands plus the stand-ins of this assembly.</summary>
public static class HostSessionState
{
    /// <summary>Names of the stand-ins, as a script would call them.</summary>
    public static IReadOnlyList<string> CommandNames { get; } =
        [.. StandIns().Select(static entry => entry.Name).Order(StringComparer.OrdinalIgnoreCase)];

    public static InitialSessionState Create()
    {
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = ExecutionPolicy.Bypass;
        }

        foreach (var entry in StandIns())
        {
            state.Commands.Add(entry);
            foreach (var alias in entry.ImplementingType.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? [])
            {
                state.Commands.Add(new SessionStateAliasEntry(alias, entry.Name));
            }
        }

        return state;
    }

    private static IEnumerable<SessionStateCmdletEntry> StandIns() =>
        from type in typeof(HostSessionState).Assembly.GetExportedTypes()
        let cmdlet = type.GetCustomAttribute<CmdletAttribute>()
        where cmdlet is not null
        select new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, helpFileName: null);
}
