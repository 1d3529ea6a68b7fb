using System.Management.Automation;

namespace OciSync.PowerShell.Loading;

/// <summary>Called by PowerShell when the module is imported into a runspace and when it is removed from one.</summary>
/// <remarks>Several runspaces of a process may have the module: the handler stays until the last of them lets go.</remarks>
public sealed class ModuleLoader : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <summary>Before any cmdlet runs: makes the module's dependencies findable.</summary>
    public void OnImport() => DependencyResolver.Acquire();

    /// <summary>At Remove-Module, and before a forced import.</summary>
    public void OnRemove(PSModuleInfo psModuleInfo) => DependencyResolver.Release();
}
