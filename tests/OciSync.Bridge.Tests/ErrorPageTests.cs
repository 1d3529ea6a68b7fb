using System.Management.Automation;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using OciSync.Core.Errors;
using OciSync.PowerShell.Commands;
using OciSync.PowerShell.Errors;

namespace OciSync.Bridge.Tests;

/// <summary>docs/errors.md, from which about_OciSync_Errors is made, and the code have the same ids and categories.</summary>
public sealed partial class ErrorPageTests
{
    private static readonly string[] Parts = ["Category", "Cause", "Remedy"];

    [Fact]
    public void Every_id_is_on_the_page_and_no_other()
    {
        var ids = Enum.GetValues<OciErrorKind>().Select(k => "Oci" + k).Concat(IdsOfCmdlets()).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(ids, ReadPage().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_id_has_its_category_a_cause_and_a_remedy()
    {
        foreach (var (id, parts) in ReadPage())
        {
            Assert.Equal(Parts, parts.Keys);
            Assert.All(parts.Values, text => Assert.EndsWith(text == parts["Category"] ? string.Empty : ".", text, StringComparison.Ordinal));
            if (Enum.TryParse<OciErrorKind>(id["Oci".Length..], out var kind))
            {
                var record = ErrorRecords.Create(new OciException(kind, "x"), null);
                Assert.Equal((id, parts["Category"]), (record.FullyQualifiedErrorId, record.CategoryInfo.Category.ToString()));
            }
        }
    }

    [Fact]
    public void The_topic_has_every_id() =>
        Assert.Equal(ReadPage().Keys, Heading().Matches(File.ReadAllText(Find("en-US/about_OciSync_Errors.help.txt"))).Select(m => m.Value));

    /// <summary>The ids that the cmdlets' own code names: every text of that form in the assembly.</summary>
    internal static IEnumerable<string> IdsOfCmdlets()
    {
        using var file = new PEReader(File.OpenRead(typeof(CopyOciImageCommand).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var handle = MetadataTokens.UserStringHandle(0);
        do
        {
            var text = metadata.GetUserString(handle);
            if (Heading().IsMatch(text) && text is not ("OciSync" or "OciVersion"))
            {
                yield return text;
            }

            handle = metadata.GetNextHandle(handle);
        }
        while (!handle.IsNil);
    }

    private static Dictionary<string, Dictionary<string, string>> ReadPage()
    {
        var page = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var section in File.ReadAllText(Find("docs/errors.md")).ReplaceLineEndings("\n").Split("\n## ").Skip(2))
        {
            var lines = section.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            page.Add(lines[0], lines.Skip(1).Select(l => l.TrimStart('-', ' ').Split(": ", 2)).ToDictionary(l => l[0], l => l[1]));
        }

        return page;
    }

    private static string Find(string path)
    {
        for (var folder = AppContext.BaseDirectory; ; folder = Path.GetDirectoryName(folder) ?? throw new FileNotFoundException(path))
        {
            if (File.Exists(Path.Combine(folder, "OciSync.psd1")) && File.Exists(Path.Combine(folder, path)))
            {
                return Path.Combine(folder, path);
            }
        }
    }

    [GeneratedRegex("^Oci[A-Z][A-Za-z]+$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
