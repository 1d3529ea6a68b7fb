using System.Management.Automation;
using OciSync.EngineHost.Pester.Model;

namespace OciSync.EngineHost.Pester.Running;

/// <summary>Which tests run: those with a wanted tag, of their own or of a block around them, and a wanted path.</summary>
internal static class TestSelection
{
    public static void Apply(TestFile file, FilterSection filter)
    {
        foreach (var test in file.Root.Tests)
        {
            var tags = test.Parent!.FromRoot.SelectMany(static block => block.Tag).Concat(test.Tag).ToList();
            test.IsSelected = (filter.Tag.Length == 0 || MatchesAny(filter.Tag, tags))
                && !MatchesAny(filter.ExcludeTag, tags)
                && (filter.FullName.Length == 0 || MatchesAny(filter.FullName, [PathOf(test)]));
        }
    }

    private static bool MatchesAny(IEnumerable<string> patterns, IReadOnlyList<string> values) =>
        patterns.Any(pattern => values.Any(new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch));

    private static string PathOf(TestCase test) =>
        string.Join('.', test.Parent!.FromRoot.Where(static block => !block.IsRoot).Select(static block => block.Name).Append(test.Name));
}
