namespace OciSync.Module.Tests.Floors;

/// <summary>Each folder uses only folders on lower floors, by the list in docs/architecture.md and the compiled assemblies.</summary>
public sealed class FloorTests
{
    private const string Core = "OciSync.Core";
    private const string Shell = "OciSync.PowerShell";

    [Theory]
    [InlineData(Core, Paths.Net8 + "/deps")]
    [InlineData(Shell, Paths.Net8)]
    public void A_folder_uses_only_lower_floors(string assembly, string folder)
    {
        var floors = FloorList.Read(assembly);
        var faults = from reference in References(assembly, folder)
                     let user = floors[Folder(assembly, reference.User)]
                     let used = floors[Folder(assembly, reference.Used)]
                     where used >= user && Folder(assembly, reference.User) != Folder(assembly, reference.Used)
                     select $"{reference.User} (floor {user}) uses {reference.Used} (floor {used})";
        Faults.None(faults);
    }

    // Also where no compiled assembly shows it: a constant is copied into what uses it, and each framework has code of its own.
    [Theory]
    [InlineData(Core)]
    [InlineData(Shell)]
    public void A_file_names_only_lower_floors(string assembly)
    {
        var floors = FloorList.Read(assembly);
        var faults = from file in SourceFiles.Below(Path.Combine(Paths.RepositoryRoot, "src", assembly))
                     let lines = File.ReadAllLines(file)
                     let user = FolderNamed(lines, "namespace ", assembly)
                     where user is not null && floors.ContainsKey(user)
                     from line in lines
                     let used = FolderNamed([line], "using ", assembly)
                     where used is not null && used != user && floors[used] >= floors[user]
                     select $"{Path.GetRelativePath(Paths.RepositoryRoot, file)} (floor {floors[user]}): {line} (floor {floors[used]})";
        Faults.None(faults);
    }

    [Theory]
    [InlineData(Core, Paths.Net8 + "/deps")]
    [InlineData(Shell, Paths.Net8)]
    public void The_list_names_every_folder_and_no_other(string assembly, string folder)
    {
        var compiled = TypesOf(assembly, folder).Keys.Select(type => Folder(assembly, type)).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(compiled, FloorList.Read(assembly).Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Core)]
    [InlineData(Shell)]
    public void A_namespace_is_the_folder_of_its_file(string assembly)
    {
        var root = Path.Combine(Paths.RepositoryRoot, "src", assembly);
        var faults = from file in SourceFiles.Below(root)
                     let wanted = assembly + string.Concat(
                         Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Split('/', '\\').Where(part => part != ".").Select(part => "." + part))
                     let found = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
                     where found is not null && found != $"namespace {wanted};" && !IsPolyfill(file, found)
                     select $"{Path.GetRelativePath(root, file)}: {found}";
        Faults.None(faults);
    }

    [Theory]
    [InlineData(Core, 26)]
    [InlineData(Shell, 26)]
    public void A_folder_holds_few_files(string assembly, int most)
    {
        var faults = from file in SourceFiles.Below(Path.Combine(Paths.RepositoryRoot, "src", assembly))
                     group file by Path.GetDirectoryName(file) into files
                     where files.Count() > most
                     select $"{files.Key}: {files.Count()} files, at most {most}";
        Faults.None(faults);
    }

    private static IEnumerable<(string User, string Used)> References(string assembly, string folder)
    {
        var types = TypesOf(assembly, folder);
        return from type in types from used in type.Value where types.ContainsKey(used) select (type.Key, used);
    }

    private static string? FolderNamed(IEnumerable<string> lines, string word, string assembly) => lines
        .Where(line => line.StartsWith(word + assembly + ".", StringComparison.Ordinal) && line.EndsWith(';'))
        .Select(line => line[(word.Length + assembly.Length + 1)..^1]).FirstOrDefault();

    // What the compiler and the polyfills of older platforms add stands in namespaces of the framework.
    private static Dictionary<string, HashSet<string>> TypesOf(string assembly, string folder) =>
        TypeReferences.Of(Paths.InModule(folder, assembly + ".dll"))
            .Where(type => type.Key.StartsWith(assembly + ".", StringComparison.Ordinal) && !type.Key.Contains('<'))
            .ToDictionary(type => type.Key, type => type.Value);

    private static string Folder(string assembly, string type)
    {
        var name = type[(assembly.Length + 1)..];
        var dot = name.LastIndexOf('.');
        return dot < 0 ? "(root)" : name[..dot];
    }

    private static bool IsPolyfill(string file, string found) =>
        Path.GetFileName(Path.GetDirectoryName(file)) == "Polyfills"
        && (found.StartsWith("namespace System", StringComparison.Ordinal) || found == "namespace Microsoft.CodeAnalysis;");
}
