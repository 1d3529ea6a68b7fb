using System.Text.RegularExpressions;

namespace OciSync.Testing.Registry;

/// <summary>A path below <c>/v2/</c>, taken apart.</summary>
internal sealed partial record RegistryRoute(RouteKind Kind, string Repository = "", string Reference = "")
{
    internal static RegistryRoute Parse(string path)
    {
        if (path is "/v2/" or "/v2")
        {
            return new RegistryRoute(RouteKind.Base);
        }

        if (path == "/v2/_catalog")
        {
            return new RegistryRoute(RouteKind.Catalog);
        }

        var match = Shape().Match(path);
        if (!match.Success)
        {
            return new RegistryRoute(RouteKind.Unknown);
        }

        var kind = match.Groups["kind"].Value switch
        {
            "manifests" => RouteKind.Manifest,
            "blobs" => RouteKind.Blob,
            "blobs/uploads" => match.Groups["reference"].Length == 0 ? RouteKind.Uploads : RouteKind.Upload,
            "referrers" => RouteKind.Referrers,
            _ => RouteKind.Tags,
        };
        return new RegistryRoute(kind, match.Groups["name"].Value, match.Groups["reference"].Value);
    }

    [GeneratedRegex(
        @"^/v2/(?<name>[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)/"
        + @"(?:(?<kind>tags)/list|(?<kind>blobs/uploads)/?(?<reference>[0-9a-zA-Z_-]*)|(?<kind>manifests|blobs|referrers)/(?<reference>[^/]+))$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
