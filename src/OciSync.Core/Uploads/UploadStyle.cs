namespace OciSync.Core.Uploads;

/// <summary>The ways of distribution-spec 1.1, "Pushing blobs".</summary>
internal enum UploadStyle
{
    /// <summary>POST, then one PUT with the whole blob.</summary>
    Monolithic,

    /// <summary>POST, one PATCH with the whole blob, then an empty PUT.</summary>
    SinglePatch,

    /// <summary>POST, PATCHes of a limited size, then an empty PUT.</summary>
    Chunked,
}
