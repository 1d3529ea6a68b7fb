using OciSync.Core.Text;

namespace OciSync.Core.MirrorFiles;

/// <summary>A file that makes machines pull from a mirror.</summary>
public sealed class OciMirrorFile
{
    /// <summary>The file.</summary>
    public string Path { get; internal init; } = string.Empty;

    /// <summary>Whose file it is: Containerd, RegistriesConf, K3s, Docker or OpenShift.</summary>
    public string Format { get; internal init; } = string.Empty;

    /// <summary>Written, Unchanged (it says this already), or WouldWrite.</summary>
    public string Status { get; internal set; } = string.Empty;

    /// <summary>The registries and repositories whose images come from the mirror.</summary>
    public TextList<string> Source { get; internal init; } = [];

    /// <summary>Where they come from, in the order in which it is tried.</summary>
    public TextList<string> Mirror { get; internal init; } = [];

    /// <summary>What the mirror lacks is asked of its own registry, which then says what a tag is.</summary>
    public bool Fallback { get; internal init; }

    /// <summary>The file was there and keeps what else it says.</summary>
    public bool IsMerged { get; internal init; }

    /// <summary>The whole text of the file; with the mirror's login only where that was asked for.</summary>
    public string Text { get; internal init; } = string.Empty;

    /// <summary>The text has a secret, and is for its owner alone.</summary>
    internal bool IsSecret { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Path;
}
