namespace OciSync.Core.Shelves;

/// <summary>An image of a shelf under one of its names.</summary>
/// <param name="Repository">The repository by which it is asked for.</param>
/// <param name="Tag">Its tag; null for one that is asked for by its digest alone.</param>
/// <param name="Reference">How its place calls it.</param>
internal sealed record ShelvedImage(string Repository, string? Tag, string Reference);
