using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Text;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Dockerfiles;

/// <summary>
/// The images that a Dockerfile or Containerfile pulls: of <c>FROM</c>, <c>COPY --from</c>, <c>RUN --mount=from=</c> and <c># syntax=</c>. Its
/// own stages are none, nor is <c>scratch</c>.
/// </summary>
internal sealed class DockerfileReader
{
    private const string Scratch = "scratch";

    private readonly FoundImages _found;
    private readonly SourceText _source;
    private readonly List<string> _stages = [];
    private readonly Dictionary<string, WrittenText?> _arguments = new(StringComparer.Ordinal);
    private string? _stage;
    private bool _isInStage;

    private DockerfileReader(SourceText source, FoundImages found)
    {
        _source = source;
        _found = found;
    }

    internal static void Read(SourceText source, FoundImages found)
    {
        var reader = new DockerfileReader(source, found);
        var lines = DockerfileLines.Read(source);
        if (lines.Syntax is { } syntax)
        {
            found.Add(reader.Create(FindRules.DockerfileSyntax, syntax, lines.SyntaxOffset, "# syntax"));
        }

        foreach (var line in lines.Lines)
        {
            reader.ReadLine(line, null);
        }
    }

    private void ReadLine(DockerfileLine line, string? note)
    {
        switch (line.Instruction)
        {
            case "FROM" when note is null:
                ReadFrom(line);
                break;
            case "ARG" when !_isInStage:
                ReadArguments(line);
                break;
            case "COPY":
                ReadFlags(line, "--from=", (word, offset) => AddFrom(FindRules.DockerfileCopy, word, offset, "COPY --from", note));
                break;
            case "RUN":
                ReadFlags(line, "--mount=", (word, offset) => ReadMount(word, offset, note));
                break;
            case "ONBUILD" when note is null:
                ReadLine(line.WithoutFirstWord(), "only when another image is built upon this one");
                break;
        }
    }

    // Arguments before the first FROM are all that FROM sees.
    private void ReadArguments(DockerfileLine line)
    {
        foreach (var word in line.Words().Skip(1))
        {
            var equals = word.Value.IndexOf('=');
            if (equals < 0)
            {
                _arguments[word.Value] = null;
                continue;
            }

            var expander = new VariableExpander(VariableSyntax.Dockerfile, FindArgument);
            var value = expander.Expand(Unquote(word.Slice(equals + 1)));
            _arguments[word.Value.Substring(0, equals)] = expander.Unknown is null ? value : null;
        }
    }

    private WrittenText? FindArgument(string name) => _arguments.TryGetValue(name, out var value) ? value : null;

    private void ReadFrom(DockerfileLine line)
    {
        _isInStage = true;
        var words = line.Words().Skip(1).SkipWhile(w => w.Value.StartsWith("--", StringComparison.Ordinal)).ToList();
        var isNamed = words.Count == 3 && words[1].Value.Equals("AS", StringComparison.OrdinalIgnoreCase);
        if (words.Count != 1 && !isNamed)
        {
            _found.Warn(_source, line.Offset, "FROM takes the name of an image, and 'AS' with a name for the stage where there is one.");
            return;
        }

        _stage = isNamed ? words[2].Value.ToLowerInvariant() : null;
        var word = Unquote(words[0]);
        var expander = new VariableExpander(VariableSyntax.Dockerfile, FindArgument);
        var name = expander.Expand(word);
        var isStage = expander.Unknown is null ? _stages.Contains(name.Value) : MayBeStage(word.Value);
        if (!isStage && name.Value != Scratch)
        {
            _found.Add(Create(FindRules.DockerfileFrom, name, line.Offset, "FROM").AtText(word) with
            {
                Written = word.Value,
                Doubt = expander.Unknown,
            });
        }

        if (_stage is not null)
        {
            _stages.Add(_stage);
        }
    }

    // With a variable that the platform sets it is one of the stages whose names fit.
    private bool MayBeStage(string word)
    {
        var pattern = new WildcardPattern(System.Text.RegularExpressions.Regex.Replace(word.Replace("[", "`["), @"\$\{[^}]*\}|\$[A-Za-z0-9_]+", "*"));
        return word.Length > 0 && word[0] != '$' && _stages.Exists(pattern.IsMatch);
    }

    private static void ReadFlags(DockerfileLine line, string flag, Action<WrittenText, int> read)
    {
        foreach (var word in line.Words().Skip(1).TakeWhile(w => w.Value.StartsWith("--", StringComparison.Ordinal)))
        {
            if (word.Value.StartsWith(flag, StringComparison.OrdinalIgnoreCase))
            {
                read(Unquote(word.Slice(flag.Length)), line.Offset);
            }
        }
    }

    private void ReadMount(WrittenText mount, int offset, string? note)
    {
        var start = 0;
        foreach (var item in mount.Value.Split(','))
        {
            if (item.StartsWith("from=", StringComparison.OrdinalIgnoreCase))
            {
                AddFrom(FindRules.DockerfileMount, Unquote(mount.Slice(start + 5, item.Length - 5)), offset, "RUN --mount", note);
            }

            start += item.Length + 1;
        }
    }

    private void AddFrom(string rule, WrittenText name, int offset, string location, string? note)
    {
        var isStage = _stages.Contains(name.Value.ToLowerInvariant()) || (name.Value.Length > 0 && name.Value.All(c => c is >= '0' and <= '9'));
        if (isStage || name.Value == Scratch || name.Value.Length == 0)
        {
            return;
        }

        _found.Add(Create(rule, name, offset, location).AtText(name) with
        {
            Note = note,
            Doubt = name.Value.IndexOf('$') >= 0 ? "BuildKit takes no variables here"
                : ReferenceText.IsBareWord(name.Value) ? "a single word, perhaps a named context of the build" : null,
        });
    }

    private Candidate Create(string rule, WrittenText name, int offset, string location) => new(rule, name, _source, offset)
    {
        TakesLatest = true,
        Location = location,
        Owner = ("stage", _stage),
    };

    private static WrittenText Unquote(WrittenText word) =>
        word.Value.Length > 1 && word.Value[0] is '"' or '\'' && word.Value[word.Value.Length - 1] == word.Value[0] ? word.Slice(1, word.Value.Length - 2) : word;
}
