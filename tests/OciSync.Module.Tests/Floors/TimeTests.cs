using System.Text.RegularExpressions;

namespace OciSync.Module.Tests.Floors;

/// <summary>Time and chance come from the options of a run, so that a test can set them and threads can share them.</summary>
public sealed partial class TimeTests
{
    // What makes the defaults of the options.
    private static readonly string[] _sources = ["Chance.cs", "EngineOptions.cs"];

    [Fact]
    public void The_engine_asks_its_options_for_time_and_chance() => Faults.None(
        from file in SourceFiles.Below(Path.Combine(Paths.RepositoryRoot, "src", "OciSync.Core"))
        where !_sources.Contains(Path.GetFileName(file))
        from line in File.ReadLines(file).Select((text, index) => (text, number: index + 1))
        where Asked().IsMatch(line.text)
        select $"{Path.GetRelativePath(Paths.RepositoryRoot, file)}:{line.number}: {line.text.Trim()}");

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bTimeProvider\.System\b|\bnew Random\b|\bRandom\.Shared\b|\bTickCount")]
    private static partial Regex Asked();
}
