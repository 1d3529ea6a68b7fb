using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

/// <summary>Several registries that end together.</summary>
internal sealed class Places : IAsyncDisposable
{
    private Places(List<EmbeddedRegistry> registries) => Registries = registries;

    internal List<EmbeddedRegistry> Registries { get; }

    internal string[] Addresses => [.. Registries.Select(r => r.Address)];

    internal static async Task<Places> StartAsync(int count, RegistryOptions? options = null)
    {
        var registries = new List<EmbeddedRegistry>();
        for (var i = 0; i < count; i++)
        {
            registries.Add(await EmbeddedRegistry.StartAsync(options));
        }

        return new Places(registries);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var registry in Registries)
        {
            await registry.DisposeAsync();
        }
    }
}
