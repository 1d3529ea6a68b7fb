using System.Text.RegularExpressions;
using OciSync.Core.References;

namespace OciSync.Core.Signing;

/// <summary>
/// The name of an image as a signature or a policy has it: distribution's grammar to the letter, with <c>docker.io</c> and <c>library/</c>
/// added. It differs from <see cref="ImageReference"/>, which is what users type: letters of a host keep their case, no transport may stand
/// before it, and no address of IPv6 can be in it.
/// </summary>
/// <param name="Repository">Host and path, such as <c>docker.io/library/busybox</c>.</param>
/// <param name="Tag">The tag, or null.</param>
/// <param name="Digest">The digest, or null.</param>
internal sealed record DockerName(string Repository, string? Tag, string? Digest)
{
    private const int MaxLength = 255;
    private const string Index = "index.docker.io";

    private static readonly Regex HostPattern = new(
        @"\A[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]+)?\z", RegexOptions.CultureInvariant);

    private static readonly Regex TagPattern = new(@"\A[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}\z", RegexOptions.CultureInvariant);

    private static readonly Regex DigestPattern = new(
        @"\A(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})\z", RegexOptions.CultureInvariant);

    private static readonly Regex IdPattern = new(@"\A[0-9a-f]{64}\z", RegexOptions.CultureInvariant);

    /// <summary>Neither a tag nor a digest.</summary>
    internal bool IsNameOnly => Tag is null && Digest is null;

    /// <summary>Whether the text is a host, with or without a port.</summary>
    internal static bool IsHost(string text) => text.Length <= MaxLength && HostPattern.IsMatch(text);

    /// <summary>Whether the text is a digest that images are called by.</summary>
    internal static bool IsDigest(string text) => DigestPattern.IsMatch(text);

    /// <summary>Whether the text is the number of an image without its algorithm.</summary>
    internal static bool IsId(string text) => IdPattern.IsMatch(text);

    /// <summary>Whether a host, or a host and whole parts of a path, may stand at the beginning of names.</summary>
    internal static bool IsPrefix(string text)
    {
        var slash = text.IndexOf('/');
        return slash < 0 ? IsHost(text) : IsHost(text.Substring(0, slash)) && text.Substring(slash + 1).Split('/').All(p => RepositoryName.FindFault(p) is null);
    }

    /// <summary>Reads a name; when it is none, <paramref name="fault"/> says what is wrong.</summary>
    internal static DockerName? Parse(string text, out string? fault)
    {
        var (rest, digest) = Cut(text, text.IndexOf('@'));
        var colon = rest.LastIndexOf(':');
        (rest, var tag) = Cut(rest, colon > rest.LastIndexOf('/') ? colon : -1);
        var repository = Expand(rest);
        fault = IsId(text) ? "it is the number of an image, and no name"
            : digest is not null && !IsDigest(digest) ? "its digest is wrong"
            : tag is not null && !TagPattern.IsMatch(tag) ? "its tag is wrong"
            : FindFault(repository);
        return fault is null ? new DockerName(repository, tag, digest) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Repository + (Tag is null ? string.Empty : ":" + Tag) + (Digest is null ? string.Empty : "@" + Digest);

    private static (string Before, string? After) Cut(string text, int at) => at < 0 ? (text, null) : (text.Substring(0, at), text.Substring(at + 1));

    private static string Expand(string name)
    {
        var slash = name.IndexOf('/');
        var first = slash < 0 ? string.Empty : name.Substring(0, slash);
        var isHost = first.IndexOfAny(['.', ':']) >= 0 || first == "localhost";
        var host = !isHost || first == Index ? RegistryHost.DockerHub : first;
        var path = isHost ? name.Substring(slash + 1) : name;
        return host + "/" + (host == RegistryHost.DockerHub && !path.Contains('/') ? RegistryHost.DockerHubLibrary : string.Empty) + path;
    }

    // A first part that is no host may still be the first part of a path (a_b.c/x).
    private static string? FindFault(string repository)
    {
        var slash = repository.IndexOf('/');
        return repository.Length > MaxLength ? $"it has more than {MaxLength} characters"
            : IsHost(repository.Substring(0, slash)) ? RepositoryName.FindFault(repository.Substring(slash + 1))
            : RepositoryName.FindFault(repository);
    }
}
