namespace OciSync.Core.Images;

/// <summary>Where an image has a name that a reference to it need not say: it is the only one there, or is asked for by its place.</summary>
internal interface INamedSource
{
    /// <summary>The name of an image, or null when it has none, or there is no such image.</summary>
    Task<string?> FindNameAsync(string reference, CancellationToken cancellationToken);
}
