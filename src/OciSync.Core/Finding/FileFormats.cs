using System.Text.RegularExpressions;
using OciSync.Core.Finding.Charts;

namespace OciSync.Core.Finding;

/// <summary>Tells what files are by their names.</summary>
internal static class FileFormats
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    // Dockerfile, Dockerfile.dev, dev.Dockerfile; and not what only speaks of one.
    private static readonly Regex Dockerfile = new(@"^(?:(?:docker|container)file(?:[.-].+)?|.+\.(?:docker|container)file)$", Options);
    private static readonly Regex NoDockerfile = new(@"\.(?:md|txt|dockerignore|sh|ps1|py|go|js|ts|ya?ml|json|html)$", Options);
    private static readonly Regex Compose = new(@"^(?:(?:docker|podman|container)-)?compose(?:[.-].+)?\.ya?ml$|^.+\.compose\.ya?ml$", Options);
    private static readonly Regex Values = new(@"^values(?:[-_.].+)?\.ya?ml$|^.+[-_.]values\.ya?ml$", Options);
    private static readonly Regex Kustomization = new(@"^kustomization(?:\.ya?ml)?$", Options);
    private static readonly Regex GitLab = new(@"^(?:.+)?\.gitlab-ci\.ya?ml$", Options);
    private static readonly Regex Workflow = new(@"[/\\]\.(?:github|gitea|forgejo)[/\\]workflows[/\\][^/\\]+\.ya?ml$", Options);
    private static readonly Regex Action = new(@"^action\.ya?ml$", Options);
    private static readonly Regex Document = new(@"\.(?:ya?ml|json)$|^\.?images[.-]lock(?:\.ya?ml)?$", Options);
    private static readonly Regex Archive = new(@"\.(?:tgz|tar\.gz)$", Options);
    private static readonly Regex Template = new(@"\.(?:ya?ml|tpl)$", Options);

    /// <summary>What a file is.</summary>
    /// <param name="path">Its full path.</param>
    internal static FileFormat Of(string path)
    {
        var name = Path.GetFileName(path);
        return name == ChartFiles.ChartFile ? FileFormat.Chart
            : Dockerfile.IsMatch(name) && !NoDockerfile.IsMatch(name) ? FileFormat.Dockerfile
            : Archive.IsMatch(name) ? FileFormat.Archive
            : Template.IsMatch(name) && FindTemplateRoot(path) is not null ? FileFormat.Template
            : !Document.IsMatch(name) && !Kustomization.IsMatch(name) ? FileFormat.Other
            : Kustomization.IsMatch(name) ? FileFormat.Kustomization
            : Workflow.IsMatch(path) || Action.IsMatch(name) ? FileFormat.GitHub
            : GitLab.IsMatch(name) ? FileFormat.GitLab
            : Compose.IsMatch(name) ? FileFormat.Compose
            : Values.IsMatch(name) ? FileFormat.Values
            : FileFormat.Document;
    }

    /// <summary>The folder of the chart whose template a file is, or null: <c>templates</c> lies beside the Chart.yaml.</summary>
    internal static string? FindTemplateRoot(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.GetFileName(folder) == "templates" && Path.GetDirectoryName(folder) is { } chart && File.Exists(Path.Combine(chart, ChartFiles.ChartFile)))
            {
                return chart;
            }
        }

        return null;
    }
}
