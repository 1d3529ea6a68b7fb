namespace OciSync.Core.MirrorFiles;

/// <summary>Whose configuration makes a machine pull from a mirror.</summary>
public enum MirrorFileFormat
{
    /// <summary>containerd's tree of <c>hosts.toml</c>, one folder for each registry.</summary>
    Containerd,

    /// <summary>A drop-in of <c>registries.conf</c>: podman, buildah, skopeo, CRI-O.</summary>
    RegistriesConf,

    /// <summary><c>registries.yaml</c> of k3s and RKE2.</summary>
    K3s,

    /// <summary>Docker: a tree of <c>hosts.toml</c> for engines with the containerd store, or <c>daemon.json</c> for the others.</summary>
    Docker,

    /// <summary>OpenShift's ImageDigestMirrorSet and ImageTagMirrorSet.</summary>
    OpenShift,
}
