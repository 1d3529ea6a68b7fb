using OciSync.Core.Finding.Dockerfiles;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Compose;

/// <summary>The images of a compose file's services (compose-spec), with variables put in.</summary>
/// <param name="found">Takes what is found.</param>
/// <param name="variables">The value of a variable: of the environment, or of the file <c>.env</c>.</param>
internal sealed class ComposeReader(FoundImages found, Func<string, string?> variables)
{
    private const string DockerImage = "docker-image://";

    /// <summary>Whether a document is a compose file, by what is in it.</summary>
    internal static bool IsCompose(SourceNode root) =>
        root.Find("services") is { Kind: YamlKind.Mapping } services && root.Find("apiVersion") is null && root.Find("kind") is null
        && services.Pairs.Exists(p => p.Value.Kind == YamlKind.Mapping && (p.Value.FindWritten("image") ?? p.Value.FindWritten("build")) is not null);

    internal void Read(SourceNode root)
    {
        if (root.Find("services") is { } services)
        {
            found.Path.Push("services");
            ReadServices(services);
            found.Path.Pop();
        }
        else if (root.FindWritten("services") is null && root.Pairs.Exists(p => p.Value.Find("image") is not null))
        {
            // Version 1 has the services at the top.
            ReadServices(root);
        }
    }

    private void ReadServices(SourceNode services)
    {
        foreach (var service in services.Pairs.Where(s => s.Value.Kind == YamlKind.Mapping))
        {
            (found.Kind, found.Name) = ("service", service.Key);
            found.Path.Push(service.Key);
            ReadService(service.Value);
            found.Path.Pop();
        }
    }

    private void ReadService(SourceNode service)
    {
        var profiles = service.Find("profiles") is { Kind: YamlKind.Sequence } list ? string.Join(", ", list.Items.Select(i => i.Text)) : null;
        found.Path.Within(service, "image", image => Add(
            FindRules.ComposeService,
            image,
            profiles is null ? null : "only with the profile " + profiles,
            service.Find("build") is null ? null : "this file builds it"));
        found.Path.Within(service, "pre_start", steps => found.Path.ForEach(
            steps, step => found.Path.Within(step, "image", image => Add(FindRules.ComposeService, image))));
        found.Path.Within(service, "volumes", volumes => found.Path.ForEach(volumes, volume =>
        {
            if (volume.TextOf("type") == "image")
            {
                found.Path.Within(volume, "source", source => Add(FindRules.ComposeVolume, source));
            }
        }));
        found.Path.Within(service, "build", ReadBuild);
    }

    private void ReadBuild(SourceNode build)
    {
        found.Path.Within(build, "dockerfile_inline", text =>
        {
            if (text.IsScalar)
            {
                DockerfileReader.Read(SourceText.In(text), found);
            }
        });
        found.Path.Within(build, "additional_contexts", contexts =>
        {
            foreach (var pair in contexts.Pairs.Where(p => p.Value.IsScalar))
            {
                AddContext(pair.Value, 0);
            }

            found.Path.ForEach(contexts, item => AddContext(item, item.Text.IndexOf('=') + 1));
        });
    }

    private void AddContext(SourceNode node, int start)
    {
        if (node.IsScalar && string.CompareOrdinal(node.Text, start, DockerImage, 0, DockerImage.Length) == 0)
        {
            AddExpanded(new Candidate(FindRules.ComposeContext, node, start + DockerImage.Length) { TakesLatest = true });
        }
    }

    private void Add(string rule, SourceNode node, string? note = null, string? doubt = null)
    {
        if (node.IsScalar && node.Tag != "!reset")
        {
            AddExpanded(new Candidate(rule, node) { TakesLatest = true, Note = note, Doubt = doubt });
        }
    }

    private void AddExpanded(Candidate candidate)
    {
        var expander = new VariableExpander(VariableSyntax.Compose, Find);
        var name = expander.Expand(candidate.Text);
        if (name.Value.Length == 0)
        {
            expander.Require();
        }

        found.Add(candidate.AtText(candidate.Text) with
        {
            Text = name,
            Written = candidate.Text.Value,
            Doubt = expander.Unknown ?? candidate.Doubt,
        });
    }

    private WrittenText? Find(string name) => variables(name) is { } value ? new WrittenText(value, [], SourceStyle.Plain) : null;
}
