using OciSync.Core.Images;

namespace OciSync.Core.Distribution;

/// <summary>A blob that is served.</summary>
/// <param name="Size">Its size in bytes.</param>
/// <param name="OpenAsync">Opens it from a byte on; the second number is how many bytes will be read, so that a whole one can be verified.</param>
internal sealed record ServedBlob(long Size, Func<ByteRange, CancellationToken, Task<IBlobContent>> OpenAsync);
