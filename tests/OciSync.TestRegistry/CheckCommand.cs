using OciSync.Testing.Images;

namespace OciSync.TestRegistry;

/// <summary>Reads images by raw HTTP, verifies them down to their blobs, and compares digests where asked to.</summary>
internal static class CheckCommand
{
    internal static async Task<int> RunAsync(Arguments arguments)
    {
        var mustBeEqual = arguments.Has("--equal");
        if (arguments.Rest.Count < (mustBeEqual ? 2 : 1))
        {
            throw new FormatException("check needs an image; check --equal needs two or more.");
        }

        var digests = new HashSet<string>(StringComparer.Ordinal);
        foreach (var image in arguments.Rest)
        {
            var (address, repository, reference) = RegistryAddress.Split(image);
            using var reader = new RawRegistryReader(RegistryAddress.ToUri(address, arguments), RegistryAddress.Credentials(arguments));
            var found = await reader.VerifyAsync(repository, reference);
            digests.Add(found[0]);
            await Console.Out.WriteLineAsync($"{image} {found[0]} {found.Count}");
        }

        if (mustBeEqual && digests.Count > 1)
        {
            await Console.Error.WriteLineAsync("The digests differ.");
            return 1;
        }

        return 0;
    }
}
