using OciSync.Core.Errors;

namespace OciSync.Core.Uploads;

/// <summary>Which way of pushing blobs a registry wants: by its name, and by what it refuses.</summary>
internal static class UploadStyles
{
    internal static UploadStyle DefaultFor(string host) =>
        host.EndsWith(".azurecr.io", StringComparison.Ordinal) ? UploadStyle.Chunked
        : host == "ghcr.io" ? UploadStyle.SinglePatch
        : UploadStyle.Monolithic;

    /// <summary>The next way after a refusal, or null when the failure has nothing to do with the way.</summary>
    internal static UploadStyle? After(UploadStyle used, OciException e) => (used, e.Kind) switch
    {
        _ when e.IsReadOnly => null,
        (not UploadStyle.Chunked, OciErrorKind.TooLarge) => UploadStyle.Chunked,
        (UploadStyle.Monolithic, OciErrorKind.Unsupported or OciErrorKind.ProtocolError) when e.StatusCode is >= 400 and < 500 and not 416 =>
            UploadStyle.SinglePatch,
        _ => null,
    };
}
