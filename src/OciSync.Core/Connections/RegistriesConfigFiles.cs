using OciSync.Core.Errors;
using OciSync.Core.Machine;

namespace OciSync.Core.Connections;

/// <summary>
/// Which registries.conf files apply. A file that is named stands alone; otherwise it is the user's file with the user's drop-ins, or
/// the machine's file with the machine's drop-ins (those for root or for other users among them) and the user's. Later files override.
/// </summary>
internal static class RegistriesConfigFiles
{
    private const string Name = "registries";
    private const string FileName = Name + ".conf";
    private const string DropIns = ".conf.d";

    internal static IReadOnlyList<RegistriesConfigFile> Find(MachinePlaces places, string? path)
    {
        var files = new List<RegistriesConfigFile>();
        if (path is { Length: > 0 })
        {
            return [new RegistriesConfigFile(path, "-RegistriesConfigPath")];
        }

        if (places.Variable(RegistriesConfig.PathVariable) is { Length: > 0 } named)
        {
            files.Add(new RegistriesConfigFile(named, RegistriesConfig.PathVariable));
        }
        else
        {
            AddFound(places, files);
        }

        const string Override = RegistriesConfig.PathVariable + "_OVERRIDE";
        if (places.Variable(Override) is { Length: > 0 } last)
        {
            files.Add(new RegistriesConfigFile(last, Override));
        }

        return files;
    }

    private static void AddFound(MachinePlaces places, List<RegistriesConfigFile> files)
    {
        var user = places.UserFolder is { } own ? Path.Combine(own, FileName) : null;
        if (user is not null && File.Exists(user))
        {
            files.Add(new RegistriesConfigFile(user, null));
        }
        else
        {
            files.AddRange(
                places.SystemFolders.Select(f => Path.Combine(f, FileName)).Where(File.Exists).Take(1).Select(f => new RegistriesConfigFile(f, null)));
            foreach (var folder in places.SystemFolders.Reverse().SelectMany(system => places.DropInFolders(system, Name, DropIns)))
            {
                AddDropIns(folder, files);
            }
        }

        if (places.UserFolder is not null)
        {
            AddDropIns(Path.Combine(places.UserFolder, Name + DropIns), files);
        }
    }

    private static void AddDropIns(string dropIns, List<RegistriesConfigFile> files)
    {
        try
        {
            if (Directory.Exists(dropIns))
            {
                files.AddRange(Directory.GetFiles(dropIns)
                    .Where(f => f.EndsWith(".conf", StringComparison.Ordinal))
                    .OrderBy(Path.GetFileName, StringComparer.Ordinal)
                    .Select(f => new RegistriesConfigFile(f, null)));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.ConfigurationInvalid, $"The folder '{dropIns}' can't be read: {e.Message}", e);
        }
    }
}
