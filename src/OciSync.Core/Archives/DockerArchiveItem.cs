namespace OciSync.Core.Archives;

/// <summary>An image as <c>manifest.json</c> of a Docker archive lists it.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Config">The path of its config in the archive.</param>
/// <param name="Tags">Its names as Docker takes them, such as <c>docker.io/library/alpine:3</c>.</param>
/// <param name="Layers">The paths of its layers.</param>
internal sealed record DockerArchiveItem(int Index, string Config, IReadOnlyList<string> Tags, IReadOnlyList<string> Layers);
