using System.Management.Automation;
using OciSync.Core.Conversion;
using OciSync.Core.Flow;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>What becomes of manifests and layers on their way.</content>
public abstract partial class CopyingCmdlet
{
    // Numbers, not the enums: see Sync-OciImage's naming.
    private int _format = -1;
    private int _compression = -1;

    /// <summary>Converts manifests and indexes to this format; without it they stay what they are.</summary>
    [Parameter]
    public ImageFormat Format
    {
        get => (ImageFormat)_format;
        set => _format = (int)value;
    }

    /// <summary>Packs the layers anew: gzip, zstd, or not at all; Keep leaves every layer as it is.</summary>
    [Parameter]
    public LayerCompression Compression
    {
        get => (LayerCompression)_compression;
        set => _compression = (int)value;
    }

    /// <summary>The level of the compression: 1 to 9 for gzip, 1 to 22 for zstd.</summary>
    [Parameter]
    [ValidateRange(1, 22)]
    public int CompressionLevel { get; set; }

    /// <summary>Refuses to copy what would get another digest.</summary>
    [Parameter]
    [Alias("PreserveDigests")]
    public SwitchParameter PreserveDigest { get; set; }

    /// <summary>Fetches layers that registries don't hold from where their manifest says they are.</summary>
    [Parameter]
    public SwitchParameter IncludeForeignLayer { get; set; }

    /// <summary>Copies of an index its own bytes alone; the images it names have to be at the destination already.</summary>
    [Parameter]
    public SwitchParameter IndexOnly { get; set; }

    /// <summary>The folder that oci: destinations share their blobs in.</summary>
    [Parameter]
    [Alias("DestSharedBlobDir")]
    public string? DestinationBlobPath { get; set; }

    private ConversionOptions Conversion => new()
    {
        Format = _format < 0 ? null : Format,
        Compression = _compression < 0 ? null : Compression,
        CompressionLevel = CompressionLevel == 0 ? null : CompressionLevel,
        PreserveDigest = PreserveDigest,
        IncludeForeignLayers = IncludeForeignLayer,
    };

    private EngineOptions WithPlaces(EngineOptions options) => options with
    {
        DestinationBlobPath = FullPath(DestinationBlobPath),
    };

    private void CheckConversion()
    {
        var fault = (IndexOnly || KeepIndex) && (_format >= 0 || _compression >= 0)
            ? "-IndexOnly and -KeepIndex copy an index as it is; they go neither with -Format nor with -Compression"
            : Conversion.FindFault();
        if (fault is not null)
        {
            ThrowTerminatingError(new ErrorRecord(new PSArgumentException(fault + "."), "OciConversionInvalid", ErrorCategory.InvalidArgument, null));
        }
    }
}
