using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Stores;

/// <summary>
/// The addresses of lookaside storage (docs of containers/image, "signature-protocols"): below a base the repository's path without its host,
/// <c>@sha256=HEX</c>, and <c>/signature-N</c> with N from 1.
/// </summary>
internal static class Lookaside
{
    /// <summary>Where the signatures of a repository are.</summary>
    /// <param name="address">The base, as registries.d has it.</param>
    /// <param name="repository">The path of the repository in its registry.</param>
    /// <param name="servers">The servers of the run.</param>
    /// <exception cref="OciException">The address is of no kind that can be read: <see cref="OciErrorKind.ConfigurationInvalid"/>.</exception>
    internal static ISignatureStore Open(PlacedText address, string repository, LookasideServers servers)
    {
        if (!Uri.TryCreate(address.Text, UriKind.Absolute, out var uri) || !address.Text.Contains("://"))
        {
            throw Invalid(address, "it has to be the address of a folder (file:///…) or of a server (https://…)");
        }

        return uri.Scheme switch
        {
            "file" => new LookasideFolder(FolderOf(address, uri), repository),
            "http" or "https" => servers.Open(address, uri, repository),
            _ => throw Invalid(address, "it has to begin with file://, https:// or http://"),
        };
    }

    /// <summary>The part of a path or address that is a manifest's.</summary>
    internal static string PathOf(string repository, Digest manifest) => $"{repository}@{manifest.Algorithm}={manifest.Hex}";

    /// <summary>The name of the signature with this number.</summary>
    internal static string FileName(int number) => FormattableString.Invariant($"signature-{number}");

    private static string FolderOf(PlacedText address, Uri uri) => uri.Host.Length == 0 && !uri.IsUnc
        ? uri.LocalPath
        : throw Invalid(address, "a folder's address has three slashes, as file:///srv/signatures, or file:///C:/signatures on Windows");

    private static OciException Invalid(PlacedText address, string rule) =>
        new(OciErrorKind.ConfigurationInvalid, $"{address.Place}: '{Printable.Text(Shown(address.Text))}' can't be where signatures are: {rule}.");

    // Without a login that may stand in it.
    private static string Shown(string text)
    {
        var (start, end) = (text.IndexOf("://", StringComparison.Ordinal) + 3, text.LastIndexOf('@'));
        return start > 2 && end > start ? text.Substring(0, start) + text.Substring(end + 1) : text;
    }
}
