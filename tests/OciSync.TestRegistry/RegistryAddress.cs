using OciSync.Testing.Images;

namespace OciSync.TestRegistry;

/// <summary>Addresses and credentials of the command line.</summary>
internal static class RegistryAddress
{
    internal static Uri ToUri(string address, Arguments arguments) =>
        address.Contains("://", StringComparison.Ordinal)
            ? new Uri(address.TrimEnd('/') + "/")
            : new Uri($"{(arguments.Has("--tls") ? "https" : "http")}://{address}/");

    internal static TestCredentials? Credentials(Arguments arguments) =>
        arguments.Text("--user") is { } text ? TestCredentials.Parse(text) : null;

    /// <summary>Takes <c>host:port/repository:tag</c> or <c>…@digest</c> apart.</summary>
    internal static (string Address, string Repository, string Reference) Split(string image)
    {
        var slash = image.IndexOf('/');
        var name = image[(slash + 1)..];
        var end = name.IndexOf('@') is >= 0 and var at ? at : name.LastIndexOf(':');
        return slash > 0 && end > 0
            ? (image[..slash], name[..end], name[(end + 1)..])
            : throw new FormatException($"'{image}' is not address/repository:tag.");
    }
}
