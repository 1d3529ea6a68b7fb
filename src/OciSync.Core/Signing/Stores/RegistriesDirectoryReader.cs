using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Text;
using OciSync.Core.Yaml;

namespace OciSync.Core.Signing.Stores;

/// <summary>
/// Reads the files of registries.d. Unknown keys have no effect (containers-registries.d(5) has grown before); what is known has to be right,
/// and each scope may be in one file alone.
/// </summary>
internal sealed class RegistriesDirectoryReader
{
    private const string Extension = ".yaml";
    private const string DefaultKey = "default-docker";
    private const string ScopesKey = "docker";
    private const int MostFiles = 1000;

    private readonly Dictionary<string, RegistriesScope> _scopes = new(StringComparer.Ordinal);
    private RegistriesScope? _default;

    /// <exception cref="OciException">A file can't be read or isn't right: <see cref="OciErrorKind.ConfigurationInvalid"/>.</exception>
    internal static RegistriesDirectory Read(string? folder, PlacedText builtIn)
    {
        var reader = new RegistriesDirectoryReader();
        foreach (var file in folder is null ? [] : List(folder))
        {
            reader.Add(file, Load(file));
        }

        return new RegistriesDirectory(folder, reader._scopes, reader._default, builtIn);
    }

    /// <summary>The same of one text.</summary>
    internal static RegistriesDirectory ReadText(string path, string text, PlacedText builtIn)
    {
        var reader = new RegistriesDirectoryReader();
        reader.Add(path, text);
        return new RegistriesDirectory(path, reader._scopes, reader._default, builtIn);
    }

    private static List<string> List(string folder)
    {
        try
        {
            // Only of this folder, and only with the very ending: ".yml" is not read.
            var files = Directory.GetFiles(folder)
                .Where(f => f.EndsWith(Extension, StringComparison.Ordinal)).OrderBy(f => f, StringComparer.Ordinal).ToList();
            return files.Count <= MostFiles ? files : throw Invalid($"'{folder}' has {files.Count} files with settings; at most {MostFiles} are read.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid($"'{folder}' can't be read: {e.Message}", e);
        }
    }

    private static string Load(string file)
    {
        try
        {
            return SettingsFile.ReadText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid($"'{file}' can't be read: {e.Message}", e);
        }
    }

    private void Add(string path, string text)
    {
        var context = new SyncFileContext(path, static _ => null);
        try
        {
            if (YamlReader.Read(path, text) is { } root)
            {
                Add(YamlMap.Of(root, "A file of registries.d", context), context);
            }
        }
        catch (SyncFileException e)
        {
            throw Invalid(Describe(e.Mistake), e);
        }

        if (context.Mistakes.Count > 0)
        {
            throw Invalid(Describe(context.Mistakes[0]));
        }
    }

    private void Add(YamlMap root, SyncFileContext context)
    {
        if (root.Map(DefaultKey) is { } defaults)
        {
            var scope = ReadScope(defaults, context);
            RefuseSecond(_default, scope, DefaultKey);
            _default = scope;
        }

        foreach (var (key, value) in root.Map(ScopesKey)?.Pairs ?? [])
        {
            var scope = ReadScope(YamlMap.Of(value, $"'{Printable.Text(key.Text)}'", context), context);
            RefuseSecond(_scopes.TryGetValue(key.Text, out var other) ? other : null, scope, $"the scope '{Printable.Text(key.Text)}'");
            _scopes[key.Text] = scope;
        }
    }

    private static RegistriesScope ReadScope(YamlMap map, SyncFileContext context)
    {
        PlacedText? Text(string key, string oldKey) =>
            Find(key) ?? Find(oldKey);
        PlacedText? Find(string key) =>
            map.Text(key) is { Length: > 0 } text ? new PlacedText(text, context.Path, map.Find(key)!.Line) : null;
        return new RegistriesScope(new PlacedText(string.Empty, context.Path, map.Node.Line))
        {
            Lookaside = Text("lookaside", "sigstore"),
            Staging = Text("lookaside-staging", "sigstore-staging"),
            UseAttachments = map.Flag("use-sigstore-attachments"),
        };
    }

    private static void RefuseSecond(RegistriesScope? first, RegistriesScope second, string what)
    {
        if (first is not null)
        {
            throw Invalid($"{second.Place.Place}: {what} is in {first.Place.Place} too; registries.d says of each scope once what holds.");
        }
    }

    private static string Describe(SyncFileMistake mistake) => $"'{mistake.Path}', line {mistake.Line}, column {mistake.Column}: {mistake.Message}";

    private static OciException Invalid(string message, Exception? inner = null) => new(OciErrorKind.ConfigurationInvalid, message, inner);
}
