using System.Text.RegularExpressions;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Pipelines;

/// <summary>
/// The images of a GitLab pipeline: <c>image</c> and <c>services</c> of jobs, of <c>default</c> and of the file (CI/CD YAML syntax reference).
/// One reader reads all documents of a file, as the first may have inputs for the second.
/// </summary>
internal sealed class GitLabReader(FoundImages found)
{
    private static readonly Regex Input = new(@"\$\[\[\s*inputs\.(?<n>[A-Za-z0-9_-]+)\s*\]\]", RegexOptions.CultureInvariant);

    private static readonly HashSet<string> NoJobs = new(StringComparer.Ordinal)
    {
        "variables", "stages", "include", "workflow", "spec", "cache", "image", "services", "before_script", "after_script", "pages_url_prefix",
    };

    // Docker Hub stands behind the proxy; GitLab's own registry behind its templates unless an administrator sets another.
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX"] = "docker.io",
        ["CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX"] = "docker.io",
        ["CI_TEMPLATE_REGISTRY_HOST"] = "registry.gitlab.com",
    };

    private SourceNode? _inputs;
    private SourceNode? _variables;

    /// <summary>Whether a document is a pipeline, by what is in it: a job has a script.</summary>
    internal static bool IsGitLab(SourceNode root) =>
        root.Find("apiVersion") is null && root.Find("jobs") is null && root.Find("services") is null or { Kind: YamlKind.Sequence }
        && root.Pairs.Exists(p => p.Value.Find("script") is not null && (p.Value.Find("image") ?? p.Value.Find("stage")) is not null);

    internal void Read(SourceNode root)
    {
        if (root.Find("spec", "inputs") is { } inputs)
        {
            _inputs = inputs;
        }

        _variables = root.Find("variables") ?? _variables;
        (found.Kind, found.Name) = ("pipeline", null);
        ReadJob(root, null);
        foreach (var job in root.Pairs.Where(p => p.Value.Kind == YamlKind.Mapping && !NoJobs.Contains(p.Key)))
        {
            (found.Kind, found.Name) = (job.Key == "default" ? "default" : "job", job.Key);
            found.Path.Push(job.Key);
            ReadJob(job.Value, job.Value.Find("variables"));
            found.Path.Pop();
        }
    }

    private void ReadJob(SourceNode job, SourceNode? variables)
    {
        found.Path.Within(job, "image", image => ReadImage(image, FindRules.GitLabImage, variables));
        found.Path.Within(job, "services", services => found.Path.ForEach(services, s => ReadImage(s, FindRules.GitLabService, variables)));
    }

    private void ReadImage(SourceNode node, string rule, SourceNode? variables)
    {
        if (node.Kind == YamlKind.Mapping)
        {
            found.Path.Within(node, "name", name => ReadImage(name, rule, variables));
        }
        else if (node is { IsScalar: true, Text.Length: > 0 })
        {
            Add(new Candidate(rule, node) { TakesLatest = true }, variables);
        }
    }

    private void Add(Candidate candidate, SourceNode? variables)
    {
        string? note = null;
        var expander = new VariableExpander(VariableSyntax.GitLab, Find);
        var text = expander.Expand(PutInputs(candidate.Text));
        found.Add(candidate.AtText(candidate.Text) with
        {
            Text = text,
            Written = candidate.Text.Value,
            Doubt = expander.Unknown,
            Note = note,
        });

        WrittenText? Find(string name)
        {
            if (ValueOf(variables, name) is { } value)
            {
                return value;
            }

            note = Known.ContainsKey(name) ? $"{name} stands for {Known[name]}" : note;
            return Known.TryGetValue(name, out var known) ? new WrittenText(known, [], SourceStyle.Plain) : null;
        }
    }

    private WrittenText? ValueOf(SourceNode? variables, string name)
    {
        var variable = variables?.Find(name) ?? _variables?.Find(name);
        var value = variable?.Kind == YamlKind.Mapping ? variable.Find("value") : variable;
        return value is { IsScalar: true } && value.Text.IndexOf('$') < 0 ? WrittenText.Of(value) : null;
    }

    private WrittenText PutInputs(WrittenText text)
    {
        var match = Input.Match(text.Value);
        if (!match.Success || _inputs?.Find(match.Groups["n"].Value)?.Find("default") is not { IsScalar: true } value)
        {
            return text;
        }

        var joined = new WrittenTextBuilder(text.Style);
        joined.Append(text.Slice(0, match.Index));
        joined.Append(WrittenText.Of(value));
        joined.Append(text.Slice(match.Index + match.Length));
        return joined.ToText();
    }
}
