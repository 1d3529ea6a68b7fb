namespace OciSync.Core.Images;

/// <summary>A blob that is about to be read, and the mirror that sends it; null for the registry itself.</summary>
internal sealed class OpenedBlob(IBlobContent answer, IImageSource? mirror) : IDisposable
{
    internal IBlobContent Answer { get; } = answer;

    internal IImageSource? Mirror { get; } = mirror;

    public void Dispose() => Answer.Dispose();
}
