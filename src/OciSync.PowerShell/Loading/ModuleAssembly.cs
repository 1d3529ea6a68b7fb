using System.Management.Automation;

namespace OciSync.PowerShell.Loading;

/// <summary>Makes the module's dependencies findable when it is imported, and lets go when it is removed.</summary>
public sealed class ModuleAssembly : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnImport() => DependencyResolver.Attach();

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => DependencyResolver.Detach();
}
