using System.Management.Automation;
using OciSync.Core.Engine;
using OciSync.Core.Flow;

namespace OciSync.PowerShell.Shared;

/// <summary>What cmdlets share that read images wherever they are: the Docker engine, and where archives are unpacked.</summary>
public abstract class ImageCmdlet : OciCmdlet
{
    private string? _tempPath;
    private string? _daemonCertificates;
    private string? _sourceBlobs;

    /// <summary>The Docker engine of docker-daemon:, such as unix:///var/run/docker.sock or tcp://host:2376.</summary>
    [Parameter]
    public string? DaemonHost { get; set; }

    /// <summary>A folder with ca.pem, cert.pem and key.pem for a Docker engine that is reached by TLS.</summary>
    [Parameter]
    [Alias("DaemonCertDir")]
    public string? DaemonCertificateDirectory { get; set; }

    /// <summary>The folder for packed archives and layers while they are read or converted; without it the system's temporary folder.</summary>
    [Parameter]
    [Alias("TmpDir")]
    public string? TempPath { get; set; }

    /// <summary>The folder that oci: layouts, as sources, share their blobs in.</summary>
    [Parameter]
    [Alias("SrcSharedBlobDir")]
    public string? SourceBlobPath { get; set; }

    private protected override EngineOptions CreateOptions() => base.CreateOptions() with
    {
        DaemonHost = DaemonHost,
        DaemonCertificateDirectory = _daemonCertificates,
        TempPath = _tempPath,
        SourceBlobPath = _sourceBlobs,
    };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        OciEngine.Prepare();
        base.BeginProcessing();
        _tempPath = FullPath(TempPath);
        _sourceBlobs = FullPath(SourceBlobPath);
        _daemonCertificates = FullPath(DaemonCertificateDirectory);
    }
}
