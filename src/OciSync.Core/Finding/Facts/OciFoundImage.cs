namespace OciSync.Core.Finding.Facts;

/// <summary>An image that a file names, and the place where it does.</summary>
public sealed record OciFoundImage
{
    /// <summary>
    /// The image by its whole name, <c>host/repository:tag</c>, <c>…@digest</c> or both; empty where the file alone doesn't tell it: so it is
    /// passed over where names are taken from the pipeline. A tag <c>latest</c> stands here only where who reads the file takes it when none is
    /// written.
    /// </summary>
    public string Reference { get; init; } = string.Empty;

    /// <summary>What was written, before names are completed and keys are joined.</summary>
    public required string Text { get; init; }

    /// <summary>The full path of the file; null for what came down the pipeline, and the name of a chart that a registry gave.</summary>
    public string? File { get; init; }

    /// <summary>The path within the archive <see cref="File"/>, or null.</summary>
    public string? Entry { get; init; }

    /// <summary>The line, from 1; 0 for objects that had no text.</summary>
    public int Line { get; init; }

    /// <summary>The column, from 1; 0 for objects that had no text.</summary>
    public int Column { get; init; }

    /// <summary>The way to the value: <c>spec.containers[0].image</c>; in files of lines the instruction.</summary>
    public string Location { get; init; } = string.Empty;

    /// <summary>What names it: the kind of the Kubernetes object, <c>service</c>, <c>stage</c>, <c>job</c>, <c>chart</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>The name of what names it.</summary>
    public string? Name { get; init; }

    /// <summary>The rule that found it.</summary>
    public required string Rule { get; init; }

    /// <summary>Whether this image, by this name, is what is pulled. False needs a <see cref="Reason"/>.</summary>
    public bool IsCertain { get; init; } = true;

    /// <summary>What it probably is where it isn't certain: a name that may still be changed by what reads the file. Null where nothing can be said.</summary>
    public string? Guess { get; init; }

    /// <summary>Why it isn't certain, or where a piece of the reference came from.</summary>
    public string? Reason { get; init; }

    /// <summary>The digest, where the file has it: in the reference, or as what a cluster says is running.</summary>
    public string? Digest { get; init; }

    /// <summary>
    /// The pieces of the reference at their places in <see cref="File"/>, in the order of the file; none where nothing can be replaced there.
    /// </summary>
    internal IReadOnlyList<FoundPart> Parts { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Reference.Length > 0 ? Reference : Text;
}
