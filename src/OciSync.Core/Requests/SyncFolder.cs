using OciSync.Core.References;

namespace OciSync.Core.Requests;

/// <summary>A folder of which every image goes to some places; it is looked through when the run begins.</summary>
/// <param name="Folder">An OCI layout, one image of it by its place, or a folder with skopeo's folders of images in it.</param>
/// <param name="Places">Where they go.</param>
/// <param name="Input">What the user gave, for errors.</param>
public sealed record SyncFolder(ImageLocation Folder, IReadOnlyList<SyncPlace> Places, string Input);
