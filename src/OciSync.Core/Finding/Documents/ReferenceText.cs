using OciSync.Core.References;

namespace OciSync.Core.Finding.Documents;

/// <summary>Names of images as foreign files write them: nothing is trimmed or made lower, and what only looks like a name is told from it.</summary>
internal static class ReferenceText
{
    private static readonly string[] PictureEnds =
        [".png", ".svg", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".qcow2", ".iso", ".img", ".vmdk", ".raw", ".tar", ".gz", ".xz"];

    private static readonly string[] CodeHosts = ["github.com", "gitlab.com", "bitbucket.org", "dev.azure.com"];

    /// <summary>Reads a name. <paramref name="fault"/> says what is wrong with it.</summary>
    internal static ImageReference? Parse(string text, out string? fault)
    {
        fault = text.Length == 0 ? "it is empty"
            : char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[text.Length - 1]) ? "it has blanks at its ends"
            : text.Contains("://") ? "it is a URL"
            : text.Length == 64 && text.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f') ? "64 hexadecimal digits are the id of an image, not a name"
            : null;
        return fault is null && ImageReference.TryParse(text, out var reference, out fault) ? reference : null;
    }

    /// <summary>Why a text isn't the name of an image yet: what has to be put in before it is one. Null where nothing has.</summary>
    internal static string? FindPlaceholder(string text)
    {
        if (text.IndexOf('{') >= 0 || text.IndexOf('$') >= 0)
        {
            return text.Contains("{{") ? "a template makes it" : "it names a variable whose value isn't known here";
        }

        if (text.StartsWith("ko://", StringComparison.Ordinal))
        {
            return "ko builds it";
        }

        return text switch
        {
            "auto" => "Istio's injector puts its own image here",
            "controller:latest" => "kubebuilder's name for an image that is built and named later",
            _ when text.Contains("<no value>") => "a template had no value for it",
            _ when text.Any(c => c is >= 'A' and <= 'Z') && text.All(c => c is >= 'A' and <= 'Z' or '_' or '-' or '<' or '>') => "it is a placeholder",
            _ => null,
        };
    }

    /// <summary>A pattern for names, as policies have them.</summary>
    internal static bool IsPattern(string text) => text.IndexOfAny(['*', '!', '|', '?', ' ']) >= 0;

    /// <summary>Whether the first part of the path is a host.</summary>
    internal static bool HasHost(string text) =>
        text.IndexOf('/') is > 0 and var slash && RegistryHost.LooksLikeHost(text.Substring(0, slash));

    /// <summary>Whether a tag or digest is written.</summary>
    internal static bool HasVersion(string text) => text.IndexOf('@') >= 0 || text.IndexOf(':', text.LastIndexOf('/') + 1) >= 0;

    /// <summary>One word without host, path, tag or digest: perhaps only a part of a name.</summary>
    internal static bool IsBareWord(string text) => text.IndexOfAny(['/', ':', '@']) < 0;

    /// <summary>A picture, a disk, a file, a repository of Git: no image, though its name could be one's.</summary>
    internal static bool IsSomethingElse(string text) =>
        text.StartsWith("/", StringComparison.Ordinal) || text.StartsWith(".", StringComparison.Ordinal) || text.Contains("://")
        || PictureEnds.Any(e => text.EndsWith(e, StringComparison.OrdinalIgnoreCase))
        || text.EndsWith(".git", StringComparison.OrdinalIgnoreCase)
        || CodeHosts.Any(h => text.StartsWith(h + "/", StringComparison.OrdinalIgnoreCase))
        || HostSlip.Find(text) is not null;
}
