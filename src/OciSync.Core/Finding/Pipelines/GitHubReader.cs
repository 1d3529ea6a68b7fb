using System.Text.RegularExpressions;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Pipelines;

/// <summary>
/// The images that GitHub's runner pulls: <c>container</c> and <c>services</c> of jobs, <c>docker://</c> steps, actions that are images
/// (workflow and metadata syntax for GitHub Actions). What else is called image is the workflow's own business.
/// </summary>
internal sealed class GitHubReader
{
    private const string Docker = "docker://";

    private static readonly Regex Expression = new(
        @"\$\{\{\s*(?<of>matrix|inputs)(?:\.(?<n>[A-Za-z_][A-Za-z0-9_-]*)|\['(?<n>[^']+)'\])\s*\}\}", RegexOptions.CultureInvariant);

    private readonly FoundImages _found;
    private readonly SourceNode _root;

    private GitHubReader(SourceNode root, FoundImages found)
    {
        _root = root;
        _found = found;
    }

    /// <summary>Whether a document is a workflow or the metadata of an action, by what is in it.</summary>
    internal static bool IsGitHub(SourceNode root) =>
        root.Find("apiVersion") is null && (root.Find("jobs") is { Kind: YamlKind.Mapping } jobs
            ? jobs.Pairs.Exists(j => (j.Value.FindWritten("runs-on") ?? j.Value.FindWritten("uses")) is not null)
            : root.Find("runs")?.TextOf("using") is not null);

    internal static void Read(SourceNode root, FoundImages found)
    {
        var reader = new GitHubReader(root, found);
        found.Path.Within(root, "jobs", reader.ReadJobs);
        found.Path.Within(root, "runs", reader.ReadAction);
    }

    private void ReadJobs(SourceNode jobs)
    {
        foreach (var job in jobs.Pairs)
        {
            (_found.Kind, _found.Name) = ("job", job.Key);
            _found.Path.Push(job.Key);
            _found.Path.Within(job.Value, "container", container => ReadContainer(container, FindRules.GitHubContainer, job.Value));
            _found.Path.Within(job.Value, "services", services =>
            {
                foreach (var service in services.Pairs)
                {
                    _found.Path.Push(service.Key);
                    ReadContainer(service.Value, FindRules.GitHubService, job.Value);
                    _found.Path.Pop();
                }
            });
            _found.Path.Within(job.Value, "steps", ReadSteps);
            _found.Path.Pop();
        }
    }

    private void ReadAction(SourceNode runs)
    {
        (_found.Kind, _found.Name) = ("action", _root.TextOf("name"));
        if (runs.TextOf("using") == "docker")
        {
            _found.Path.Within(runs, "image", image => AddDocker(image, FindRules.GitHubAction));
        }

        _found.Path.Within(runs, "steps", ReadSteps);
    }

    private void ReadSteps(SourceNode steps) => _found.Path.ForEach(
        steps, step => _found.Path.Within(step, "uses", uses => AddDocker(uses, FindRules.GitHubStep)));

    private void AddDocker(SourceNode node, string rule)
    {
        if (node.IsScalar && node.Text.StartsWith(Docker, StringComparison.Ordinal))
        {
            _found.Add(new Candidate(rule, node, Docker.Length) { TakesLatest = true });
        }
    }

    private void ReadContainer(SourceNode container, string rule, SourceNode job)
    {
        if (container.Kind == YamlKind.Mapping)
        {
            _found.Path.Within(container, "image", image => ReadContainer(image, rule, job));
        }
        else if (container is { IsScalar: true, Text.Length: > 0 })
        {
            var from = container.Text.StartsWith(Docker, StringComparison.Ordinal) ? Docker.Length : 0;
            var candidate = new Candidate(rule, container, from) { TakesLatest = true };
            candidate = candidate.AtText(candidate.Text);
            Expand(candidate, job, candidate.Text, depth: 0);
        }
    }

    // An expression with a literal list has one image for each of its values.
    private void Expand(Candidate candidate, SourceNode job, WrittenText text, int depth)
    {
        var match = depth < 4 ? Expression.Match(text.Value) : Match.Empty;
        var values = match.Success ? Values(match, job) : [];
        if (values.Count == 0)
        {
            _found.Add(depth == 0 ? candidate : candidate with { Text = text, Written = candidate.Text.Value });
        }

        foreach (var value in values)
        {
            var piece = WrittenText.Of(value);
            var joined = new WrittenTextBuilder(text.Style);
            joined.Append(text.Slice(0, match.Index));
            joined.Append(piece);
            joined.Append(text.Slice(match.Index + match.Length));
            var isWhole = match.Length == text.Value.Length;
            Expand(isWhole ? candidate.AtText(piece) : candidate, job, joined.ToText(), depth + 1);
        }
    }

    private List<SourceNode> Values(Match match, SourceNode job)
    {
        var name = match.Groups["n"].Value;
        if (match.Groups["of"].Value == "inputs")
        {
            var input = _root.Find("on", "workflow_call", "inputs", name) ?? _root.Find("on", "workflow_dispatch", "inputs", name)
                ?? _root.Find("inputs", name);
            return input?.Find("default") is { IsScalar: true } value ? [value] : [];
        }

        var matrix = job.Find("strategy", "matrix");
        var values = matrix?.Find(name)?.Items ?? [];
        var included = matrix?.Find("include")?.Items.Select(i => i.Find(name)).OfType<SourceNode>() ?? [];
        return values.Concat(included).Where(v => v.IsScalar && v.Text.Length > 0).ToList();
    }
}
