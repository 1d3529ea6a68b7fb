using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.Signing;

/// <summary>An image as a policy sees it.</summary>
/// <param name="Transport">The transport's name, such as <c>docker</c> or <c>oci-archive</c>.</param>
/// <param name="Scopes">The scopes it is in, the narrowest first.</param>
/// <param name="Name">The name that a signature has to be for; null where images have none, as in folders.</param>
internal sealed record PolicySubject(string Transport, IReadOnlyList<string> Scopes, DockerName? Name)
{
    private static readonly char[] Separators = Path.DirectorySeparatorChar == '\\' ? ['\\', '/'] : ['/'];

    /// <summary>The image at a place; folders and files by the path that is really theirs, links followed.</summary>
    /// <exception cref="OciException">A link can't be followed: <see cref="OciErrorKind.StorageFailed"/>.</exception>
    internal static PolicySubject Of(ImageLocation location) => location.Transport switch
    {
        ImageTransport.Docker => OfName("docker", location.Image!.WithDefaultTag()),
        ImageTransport.DockerDaemon => OfDaemon(location.Name!),
        ImageTransport.DockerArchive => new PolicySubject("docker-archive", [], null),
        ImageTransport.Tarball => new PolicySubject("tarball", [], null),
        ImageTransport.OciArchive => OfPath("oci-archive", location.Path!),
        ImageTransport.Oci => OfPath("oci", location.Path!),
        _ => OfPath("dir", location.Path!),
    };

    // An image that is asked for by its number is in no scope, and has no name.
    private static PolicySubject OfDaemon(string name) => Digest.TryParse(name, out _, out _)
        ? new PolicySubject("docker-daemon", [], null)
        : OfName("docker-daemon", ImageReference.Parse(name).WithDefaultTag());

    // A digest beside a tag is what is asked for.
    private static PolicySubject OfName(string transport, ImageReference image)
    {
        var name = new DockerName(image.Name, image.Digest is null ? image.Tag : null, image.Digest?.ToString());
        return new PolicySubject(transport, [name.ToString(), .. Namespaces(name.Repository)], name);
    }

    // The repository, each path above it, the host with its port; then *.domain, without the port and one part less each time.
    private static IEnumerable<string> Namespaces(string repository)
    {
        var name = repository;
        yield return name;
        for (int slash; (slash = name.LastIndexOf('/')) >= 0;)
        {
            yield return name = name.Substring(0, slash);
        }

        var colon = name.LastIndexOf(':');
        var domain = colon < 0 ? name : name.Substring(0, colon);
        for (int dot; (dot = domain.IndexOf('.')) >= 0;)
        {
            domain = domain.Substring(dot + 1);
            yield return "*." + domain;
        }
    }

    private static PolicySubject OfPath(string transport, string path)
    {
        var scopes = new List<string>();
        var root = Path.GetPathRoot(Path.GetFullPath(path))!.Length;
        for (var folder = RealPath.Resolve(path); folder.Length > root; folder = folder.Substring(0, Math.Max(0, folder.LastIndexOfAny(Separators))))
        {
            scopes.Add(folder);
        }

        return new PolicySubject(transport, scopes, null);
    }
}
