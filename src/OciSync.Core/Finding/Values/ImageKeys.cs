namespace OciSync.Core.Finding.Values;

/// <summary>What keys say of their values, in Helm values and custom resources.</summary>
internal static class ImageKeys
{
    private static readonly HashSet<string> NoImages = new(StringComparer.OrdinalIgnoreCase)
    {
        "git", "source", "sources", "chart", "charts", "repo", "repos", "dependencies", "helm", "icon", "logo", "banner", "background", "backingImage",
        "repository",
    };

    private static readonly HashSet<string> Containers = new(StringComparer.Ordinal)
    {
        "containers", "initContainers", "ephemeralContainers", "sidecars", "sidecarContainers", "extraContainers", "extraInitContainers",
    };

    /// <summary>The key of one image: <c>image</c>, <c>proxyImage</c>, <c>docker_image</c>, <c>queue-sidecar-image</c>.</summary>
    internal static bool IsImage(string? key) =>
        key is not null && (key.Equals("image", StringComparison.OrdinalIgnoreCase) || key.EndsWith("Image", StringComparison.Ordinal)
            || key.EndsWith("_image", StringComparison.OrdinalIgnoreCase) || key.EndsWith("-image", StringComparison.OrdinalIgnoreCase))
        && !NoImages.Contains(key);

    /// <summary>The key of the name of an image in a custom resource: also <c>imageName</c> (CloudNativePG) and <c>initImageURL</c> (CDI).</summary>
    internal static bool IsImageName(string key) =>
        IsImage(key) || key is "imageName" or "initImageURL" or "imageUrl" or "imageURL" or "imageRef";

    /// <summary>A key below which a repository is one of Git or of charts, and a picture is one to look at.</summary>
    internal static bool IsSomethingElse(string? key) => key is not null && NoImages.Contains(key);

    /// <summary>A list of containers, whose images are pulled as they are written.</summary>
    internal static bool IsContainers(string? key) =>
        key is not null && (Containers.Contains(key) || key.EndsWith("Containers", StringComparison.Ordinal));
}
