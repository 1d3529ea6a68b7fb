using System.Text;
using OciSync.HelpBuilder;

// OciSync.HelpBuilder FOLDER-OF-MARKDOWN MAML-FILE: writes the help, and about_OciSync_Errors and about_OciSync_Serving beside it
// from errors.md and serving.md above the folder; with --check it fails when one of them would change.
if (args.Length is < 2 or > 3)
{
    Console.Error.WriteLine("usage: OciSync.HelpBuilder <docs/cmdlets> <help.xml> [--check]");
    return 2;
}

var topics = Directory.GetFiles(args[0], "*-*.md").Order(StringComparer.Ordinal).Select(f => CommandTopic.Parse(File.ReadAllText(f))).ToList();
var errors = Path.Combine(args[0], "..", "errors.md");
var serving = Path.Combine(args[0], "..", "serving.md");
var files = new Dictionary<string, string>
{
    [args[1]] = MamlWriter.Write(topics),
    [Path.Combine(Path.GetDirectoryName(args[1])!, "about_OciSync_Errors.help.txt")] =
        AboutWriter.Write("about_OciSync_Errors", "The errors of OciSync: what each id means and what to do.", File.ReadAllText(errors)),
    [Path.Combine(Path.GetDirectoryName(args[1])!, "about_OciSync_Serving.help.txt")] =
        AboutWriter.Write("about_OciSync_Serving", "A folder of images that answers as a registry does.", File.ReadAllText(serving)),
};
var stale = 0;
foreach (var (file, text) in files)
{
    if (args.Length < 3)
    {
        File.WriteAllText(file, text, new UTF8Encoding(false));
        Console.WriteLine($"{file} is written.");
        continue;
    }

    var same = File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == text;
    Console.WriteLine(same ? $"{file} is up to date." : $"{file} is not what the markdown makes: run build.ps1 help.");
    stale += same ? 0 : 1;
}

return stale == 0 ? 0 : 1;
