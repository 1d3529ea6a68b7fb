namespace OciSync.Core.Finding;

/// <summary>What a file is, by its name and where it lies.</summary>
internal enum FileFormat
{
    /// <summary>Nothing that is looked at in a folder.</summary>
    Other,

    /// <summary>YAML or JSON whose content tells what it is.</summary>
    Document,

    /// <summary>A Dockerfile or Containerfile.</summary>
    Dockerfile,

    /// <summary>A compose file.</summary>
    Compose,

    /// <summary>A workflow of GitHub Actions, or the metadata of an action.</summary>
    GitHub,

    /// <summary>A GitLab pipeline.</summary>
    GitLab,

    /// <summary>A kustomization.</summary>
    Kustomization,

    /// <summary>Values for a Helm chart.</summary>
    Values,

    /// <summary>A template of a chart.</summary>
    Template,

    /// <summary>The Chart.yaml of a chart: it stands for the whole chart.</summary>
    Chart,

    /// <summary>A packed chart.</summary>
    Archive,
}
