using System.Management.Automation;
using OciSync.Core.Flow;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>How long an image and the run may take, and how uploads that break off go on.</content>
public abstract partial class CopyingCmdlet
{
    /// <summary>Seconds after which an image that is not done fails; 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0, 604800)]
    public int ImageTimeoutSec { get; set; }

    /// <summary>Seconds after which what of the run is not done fails; 0 for no limit.</summary>
    [Parameter]
    [Alias("CommandTimeout")]
    [ValidateRange(0, 604800)]
    public int RunTimeoutSec { get; set; }

    /// <summary>Layers of so many bytes and more are uploaded in parts, so that a later run can go on with an upload that broke off.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long ResumeThreshold { get; set; } = 256L * 1024 * 1024;

    private EngineOptions WithLimits(EngineOptions options) => options with
    {
        ImageTimeout = ImageTimeoutSec > 0 ? TimeSpan.FromSeconds(ImageTimeoutSec) : null,
        RunTimeout = RunTimeoutSec > 0 ? TimeSpan.FromSeconds(RunTimeoutSec) : null,
        ResumeThreshold = ResumeThreshold,
        StatePath = StatePath is { Length: > 0 } path ? FullPath(path) : null,
    };
}
