using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Stores;

/// <summary>
/// The settings of registries.d (containers-registries.d(5)): one folder, all of its <c>*.yaml</c>. A scope that doesn't say something leaves
/// that to the next wider one, as skopeo does, whatever its manual says.
/// </summary>
internal sealed class RegistriesDirectory
{
    private readonly IReadOnlyDictionary<string, RegistriesScope> _scopes;
    private readonly RegistriesScope? _default;
    private readonly PlacedText _builtIn;

    /// <param name="path">The folder; null where there is none.</param>
    /// <param name="scopes">By name: a whole image, a repository, a part of its path, a host, or <c>*.domain</c>.</param>
    /// <param name="defaults">What holds for all (<c>default-docker</c>), or null.</param>
    /// <param name="builtIn">The address that holds where nothing else is said.</param>
    internal RegistriesDirectory(
        string? path, IReadOnlyDictionary<string, RegistriesScope> scopes, RegistriesScope? defaults, PlacedText builtIn)
    {
        Path = path;
        _scopes = scopes;
        _default = defaults;
        _builtIn = builtIn;
        NamesImages = scopes.Keys.Any(IsImage);
    }

    /// <summary>A scope is a single image: tags of one repository may have settings of their own.</summary>
    internal bool NamesImages { get; }

    /// <summary>The folder, or null where there is none.</summary>
    internal string? Path { get; }

    /// <summary>Reads the folder that was named, or else the user's where there is one, or else the machine's.</summary>
    /// <exception cref="OciException">
    /// A file can't be read or isn't right, or the named folder isn't there: <see cref="OciErrorKind.ConfigurationInvalid"/>, with file and line.
    /// </exception>
    internal static RegistriesDirectory Load(EngineOptions options)
    {
        var named = options.RegistriesDirectoryPath;
        if (named is { Length: > 0 } && !Directory.Exists(named))
        {
            throw new OciException(
                OciErrorKind.ConfigurationInvalid,
                $"There is no folder '{Printable.Text(named)}' (-RegistriesDirectory), which should say where signatures are.");
        }

        var folder = named is { Length: > 0 } ? named : Places(options).FirstOrDefault(Directory.Exists);
        return RegistriesDirectoryReader.Read(folder, new PlacedText(BuiltIn(options), null, 0));
    }

    /// <summary>The folders that are looked for, the user's first; on Windows there is no other, as everybody may make a folder /etc on a drive.</summary>
    internal static IReadOnlyList<string> Places(EngineOptions options)
    {
        var home = options.Environment.Home;
        var user = home.Length == 0 ? null : System.IO.Path.Combine(home, ".config", "containers", "registries.d");
        return [.. new[] { user, options.Environment.IsWindows ? null : "/etc/containers/registries.d" }.OfType<string>()];
    }

    /// <summary>What holds for an image.</summary>
    /// <param name="scopes">The scopes it is in, the narrowest first.</param>
    internal SignatureSettings Find(IReadOnlyList<string> scopes)
    {
        var said = scopes.Select(s => _scopes.TryGetValue(s, out var scope) ? scope : null).Append(_default).OfType<RegistriesScope>().ToList();
        var attachments = said.Find(s => s.UseAttachments is not null);
        return new SignatureSettings(
            said.Select(s => s.Lookaside).FirstOrDefault(l => l is not null) ?? _builtIn,
            said.Select(s => s.Staging ?? s.Lookaside).FirstOrDefault(l => l is not null) ?? _builtIn,
            attachments?.UseAttachments ?? false,
            attachments?.Place);
    }

    // A name behind the last part of a path; in front of it there is a host's port.
    private static bool IsImage(string scope) =>
        scope.LastIndexOf('/') is >= 0 and var slash && scope.IndexOfAny([':', '@'], slash) >= 0;

    // Where podman and skopeo keep signatures when nothing is said.
    private static string BuiltIn(EngineOptions options)
    {
        var folder = options.Places.UserId == 0
            ? "/var/lib/containers/sigstore"
            : System.IO.Path.Combine(options.Environment.Home, ".local", "share", "containers", "sigstore");
        return System.IO.Path.IsPathRooted(folder) ? new Uri(folder).AbsoluteUri : string.Empty;
    }
}
