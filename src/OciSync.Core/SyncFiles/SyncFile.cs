using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Requests;
using OciSync.Core.Text;
using OciSync.Core.Yaml;

namespace OciSync.Core.SyncFiles;

/// <summary>A sync file: what it asks for, and everything that is wrong with it. Its format is told by its content.</summary>
public sealed class SyncFile
{
    private SyncFile(string path, SyncFileFormat format, IReadOnlyList<SyncFileMistake> mistakes)
    {
        Path = path;
        Format = format;
        Mistakes = mistakes;
    }

    /// <summary>The file's name as it was given.</summary>
    public string Path { get; }

    /// <summary>Whose format it has.</summary>
    public SyncFileFormat Format { get; }

    /// <summary>What is wrong, in the order of the file.</summary>
    public IReadOnlyList<SyncFileMistake> Mistakes { get; }

    /// <summary>What is unusual though not wrong.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>One entry for each repository and choice, in the order of the file.</summary>
    public IReadOnlyList<OciSyncEntry> Entries { get; private init; } = [];

    /// <summary>The destinations the file names.</summary>
    public IReadOnlyList<SyncDestination> Destinations { get; private init; } = [];

    /// <summary>What the file says about reaching registries.</summary>
    public IReadOnlyList<SyncRegistry> Registries { get; private init; } = [];

    /// <summary>The same, with what the file says of the registries images go to.</summary>
    public IReadOnlyList<SyncRegistry> RegistriesFor(IEnumerable<string> destinations) => DestinationLogin is null
        ? Registries
        : [.. Registries, .. destinations.Except(Registries.Where(r => r.Credentials.Count > 0 && r.Namespace.Length == 0).Select(r => r.Registry)).Select(
            d => new SyncRegistry(d) { Credential = DestinationLogin })];

    internal RegistryCredential? DestinationLogin { get; private init; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; UTF-8, or UTF-16 with a byte order mark.</param>
    /// <param name="environment">The value of a variable of the environment, or null.</param>
    /// <exception cref="OciException">It can't be opened (<see cref="OciErrorKind.ConfigurationInvalid"/>).</exception>
    public static SyncFile Load(string path, Func<string, string?> environment)
    {
        try
        {
            if (new FileInfo(path).Length > 4L * YamlReader.LongestText)
            {
                return Parse(path, new string(' ', YamlReader.LongestText + 1), environment);
            }

            return Parse(path, SettingsFile.ReadText(path, 4 * YamlReader.LongestText), environment, readsFiles: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.ConfigurationInvalid, $"The sync file '{path}' can't be read: {e.Message}", e);
        }
    }

    /// <summary>Reads the text of a file. Files that it names under <c>find</c> are not looked into.</summary>
    public static SyncFile Parse(string path, string text, Func<string, string?> environment) => Parse(path, text, environment, readsFiles: false);

    private static SyncFile Parse(string path, string text, Func<string, string?> environment, bool readsFiles)
    {
        var context = new SyncFileContext(path, environment) { ReadsFiles = readsFiles };
        var format = SyncFileFormat.OciSync;
        var content = new SyncFileContent();
        try
        {
            if (YamlReader.Read(path, text) is not { IsNull: false } root)
            {
                throw new SyncFileException(new SyncFileMistake(path, 1, 1, "The file is empty."));
            }

            (format, content) = SyncFileReader.Read(root, context);
        }
        catch (SyncFileException e)
        {
            context.Mistakes.Add(e.Mistake);
        }

        return new SyncFile(path, format, context.Mistakes.OrderBy(m => m.Line).ThenBy(m => m.Column).ToList())
        {
            Warnings = context.Warnings.Select(Printable.Line).ToList(),
            Entries = content.Entries,
            Destinations = content.Destinations,
            Registries = content.Registries,
            DestinationLogin = content.DestinationLogin,
        };
    }

    /// <summary>The file itself if nothing is wrong with it.</summary>
    /// <exception cref="OciException">The first mistake, and how many more there are.</exception>
    public SyncFile Require()
    {
        if (Mistakes.Count == 0)
        {
            return this;
        }

        var more = Mistakes.Count == 1 ? string.Empty : $" Test-OciSyncConfig lists this and {Mistakes.Count - 1} more.";
        throw new OciException(OciErrorKind.ConfigurationInvalid, Mistakes[0] + more);
    }
}
