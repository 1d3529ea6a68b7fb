using OciSync.Core.Text;

namespace OciSync.Core.References;

/// <summary>Text to <see cref="ImageReference"/>: the grammar of distribution's reference package, with messages for people.</summary>
internal static class ReferenceParser
{
    private const string DockerTransport = "docker://";
    private const int MaxTagLength = 128;

    private static readonly string[] OtherTransports =
        ["oci:", "oci-archive:", "dir:", "docker-archive:", "docker-daemon:", "containers-storage:", "sif:", "ostree:", "tarball:"];

    internal static (ImageReference? Reference, string? Fault) Parse(string? text)
    {
        var name = (text ?? string.Empty).Trim();
        if (name.Length == 0)
        {
            return Refuse("it is empty (in a script, write \"${repo}:latest\": PowerShell reads \"$repo:latest\" as another variable)");
        }

        if (LoginText.FindFault(name) is { } loginFault)
        {
            return Refuse(loginFault);
        }

        if (FindSchemeFault(name) is { } schemeFault)
        {
            return Refuse(schemeFault);
        }

        if (name.StartsWith(DockerTransport, StringComparison.Ordinal))
        {
            name = name.Substring(DockerTransport.Length);
        }

        Digest? digest = null;
        var at = name.IndexOf('@');
        if (at >= 0)
        {
            if (!Digest.TryParse(name.Substring(at + 1), out digest, out var fault))
            {
                return Refuse("the digest is wrong: " + fault);
            }

            name = name.Substring(0, at);
        }

        return ParseTagged(name, digest);
    }

    private static (ImageReference? Reference, string? Fault) ParseTagged(string name, Digest? digest)
    {
        string? tag = null;
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/') && colon > name.LastIndexOf(']'))
        {
            tag = name.Substring(colon + 1);
            name = name.Substring(0, colon);
            if (FindTagFault(tag, name) is { } tagFault)
            {
                return Refuse(tagFault);
            }
        }

        var (registry, repository) = SplitHost(name);
        var fault = RegistryHost.FindFault(registry) ?? RepositoryName.FindFault(repository);
        return fault is null ? (new ImageReference(registry, repository, tag, digest), null) : Refuse(fault);
    }

    private static (string Registry, string Repository) SplitHost(string name)
    {
        var slash = name.IndexOf('/');
        if (slash < 0 || !RegistryHost.LooksLikeHost(name.Substring(0, slash)))
        {
            return (RegistryHost.DockerHub, slash < 0 && name.Length > 0 ? RegistryHost.DockerHubLibrary + name : name);
        }

        var registry = RegistryHost.Normalize(name.Substring(0, slash));
        var repository = name.Substring(slash + 1);
        return registry == RegistryHost.DockerHub && repository.Length > 0 && !repository.Contains("/")
            ? (registry, RegistryHost.DockerHubLibrary + repository)
            : (registry, repository);
    }

    private static string? FindSchemeFault(string name)
    {
        foreach (var scheme in new[] { "https://", "http://", "oci://" })
        {
            if (name.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return $"leave out '{scheme}' (a registry's settings are made with Connect-OciRegistry)";
            }
        }

        if (IsPath(name))
        {
            return (name[0] == '/' ? "it has an empty path part, as the path of a file has" : "it is a path")
                + "; before a file or folder stands what it is, such as docker-archive:path, oci-archive:path, oci:path or dir:path";
        }

        foreach (var transport in OtherTransports)
        {
            if (name.StartsWith(transport, StringComparison.Ordinal) && !IsTagOfShortName(name, transport))
            {
                return $"the transport '{transport}' is not supported here; a registry reference is host/repository:tag";
            }
        }

        return null;
    }

    private static bool IsPath(string name) =>
        name[0] is '/' or '~' || new[] { "./", "../", @".\", @"..\", @"\\" }.Any(s => name.StartsWith(s, StringComparison.Ordinal))
        || (name.Length > 2 && name[1] == ':' && name[2] is '\\' or '/');

    // "dir:1.0" could be an image called dir; only a path after the transport makes it one.
    private static bool IsTagOfShortName(string name, string transport) =>
        name.Length > transport.Length && FindTagFault(name.Substring(transport.Length), name) is null;

    internal static string? FindTagFault(string tag, string name)
    {
        if (tag.Length == 0)
        {
            return $"the tag after '{Printable.Text(name)}:' is empty (in a script, write \"${{repo}}:$tag\")";
        }

        if (tag.Length > MaxTagLength)
        {
            return $"the tag has {tag.Length} characters; at most {MaxTagLength} are allowed";
        }

        for (var i = 0; i < tag.Length; i++)
        {
            var word = tag[i] is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '_';
            if (!word && (i == 0 || tag[i] is not ('.' or '-')))
            {
                var character = Printable.Character(tag, i);
                return $"the tag '{Printable.Text(tag)}' has the character '{character}' at position {i + 1}, which it can't have there";
            }
        }

        return null;
    }

    private static (ImageReference? Reference, string? Fault) Refuse(string fault) => (null, fault);
}
