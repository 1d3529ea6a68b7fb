using OciSync.Core.Errors;
using OciSync.Core.Places;
using OciSync.Core.Polyfills;
using OciSync.Core.Requests;

namespace OciSync.Core.Syncing;

/// <summary>Meets the registries that tags will go to while the tags are still listed: far away, the first contact takes as long as the list.</summary>
internal static class Greeting
{
    /// <summary>Begins it. What becomes of it is told to nobody: who needs the registry joins the contact, or makes another.</summary>
    internal static void Begin(RegistryPool pool, IReadOnlyList<SyncRepository> repositories, CancellationToken cancellationToken)
    {
        foreach (var repository in repositories.GroupBy(r => r.Repository.Registry).Select(g => g.First()))
        {
            foreach (var place in repository.Places)
            {
                try
                {
                    if (place.Name(repository.Repository).Image is { } image)
                    {
                        pool.GetClient(image, isDestination: true).Connection.ProbeAsync(cancellationToken).Observe();
                    }
                }
                catch (OciException)
                {
                    // Its images' rows tell it.
                    continue;
                }
            }
        }
    }
}
