namespace OciSync.Testing.Registry;

/// <summary>Dialects of well-known registries, as far as they matter to a client.</summary>
public static class RegistryDialects
{
    private static readonly Dictionary<string, RegistryDialect> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["default"] = new RegistryDialect(),
        ["distribution2"] = new RegistryDialect
        {
            IgnoreTagPaging = true,
            UnsortedTags = true,
            Referrers = false,
            RejectOutOfOrder = false,
            CutPatchEndsSession = true,
            AbsoluteLocation = true,
            StrictAccept = true,
            TagDelete = false,
        },
        ["distribution3"] = new RegistryDialect { LinkAfterFullPage = true, AbsoluteLocation = true },
        ["gocontainerregistry"] = new RegistryDialect
        {
            PatchStatus = 204,
            SinglePost = true,
            UploadStatus = false,
            Mounts = false,
            BlobRanges = false,
            OmitLink = true,
            StatefulLocation = false,
            MissingChildStatus = 404,
        },
        ["acr"] = new RegistryDialect { MaxUploadBody = 20_000_000 },
        ["ecr"] = new RegistryDialect { PatchStatus = 201, ChunkMinimum = 5 << 20, KnownRepositories = [] },
        ["gar"] = new RegistryDialect { RefusePatch = 405, ManifestDelete = true },
        ["quay"] = new RegistryDialect { MountWithoutFromFails = true },
        ["aliyun"] = new RegistryDialect { RefuseEmptyType = true, RefuseAttestations = true },
        ["harbor"] = new RegistryDialect { ImmutableTags = 412 },
        ["dockerhub"] = new RegistryDialect { ManifestDelete = false },
    };

    /// <summary>The names <see cref="Get"/> knows.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>The dialect of that name.</summary>
    public static RegistryDialect Get(string name) =>
        ByName.TryGetValue(name, out var dialect)
            ? dialect
            : throw new ArgumentException($"No dialect '{name}'. There are: {string.Join(", ", Names)}.", nameof(name));
}
