using System.Text;
using OciSync.HelpBuilder;

// OciSync.HelpBuilder FOLDER-OF-MARKDOWN MAML-FILE: writes the help, or with --check fails when it would change.
if (args.Length is < 2 or > 3)
{
    Console.Error.WriteLine("usage: OciSync.HelpBuilder <docs/cmdlets> <help.xml> [--check]");
    return 2;
}

var topics = Directory.GetFiles(args[0], "*-*.md").Order(StringComparer.Ordinal).Select(f => CommandTopic.Parse(File.ReadAllText(f))).ToList();
var help = MamlWriter.Write(topics);
if (args.Length == 3)
{
    var same = File.Exists(args[1]) && File.ReadAllText(args[1]).ReplaceLineEndings("\n") == help;
    Console.WriteLine(same ? $"{args[1]} is up to date." : $"{args[1]} is not what the markdown makes: run build.ps1 help.");
    return same ? 0 : 1;
}

File.WriteAllText(args[1], help, new UTF8Encoding(false));
Console.WriteLine($"{args[1]}: {topics.Count} commands.");
return 0;
