namespace OciSync.Testing.Registry;

internal enum RouteKind
{
    Unknown,
    Base,
    Catalog,
    Tags,
    Manifest,
    Blob,
    Uploads,
    Upload,
    Referrers,
}
