using System.Text;
using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Layouts;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Inspection;

/// <summary>Reads one reference: its manifest, that of one platform, its config.</summary>
internal sealed class Inspector(IImageSource client, ImageLocation reference, InspectOptions options)
{
    internal async Task<string> FindDigestAsync(CancellationToken cancellationToken)
    {
        if (options.Platform is not null)
        {
            return (await ReadAsync(cancellationToken).ConfigureAwait(false)).Platform.Digest.ToString();
        }

        var head = await client.HeadManifestAsync(reference.ManifestReference, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
        return (head ?? throw client.Missing(reference.ManifestReference)).Digest.ToString();
    }

    internal async Task<string> ReadRawAsync(CancellationToken cancellationToken)
    {
        var manifest = options.Platform is null
            ? await client.GetManifestAsync(reference.ManifestReference, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false)
            : (await ReadAsync(cancellationToken).ConfigureAwait(false)).Platform;
        IndexSelector.RefuseStandIn(manifest, reference.ToString());
        return Encoding.UTF8.GetString(manifest.Content);
    }

    internal async Task<string> ReadConfigAsync(CancellationToken cancellationToken)
    {
        var (_, manifest, _) = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (manifest.SchemaOne is { } old)
        {
            return old.ToConfig([]).ToJsonString();
        }

        var config = manifest.Config ?? throw new OciException(OciErrorKind.ManifestInvalid, $"'{reference}' has no config.");
        return Encoding.UTF8.GetString(await ConfigReader.ReadAsync(client, config, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false));
    }

    internal async Task<OciImageInfo> InspectAsync(CancellationToken cancellationToken)
    {
        var tags = options.IncludeTags ? client.ListTagsAsync(cancellationToken) : null;
        var (root, manifest, platforms) = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var config = manifest.Config is { } descriptor && MediaTypes.IsImageConfig(descriptor.MediaType)
            ? await ConfigReader.ReadAsync(client, descriptor, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false)
            : null;
        using var document = manifest.SchemaOne is { } old ? JsonDocument.Parse(old.ToConfig([]).ToJsonString())
            : config is null ? null : ConfigReader.Parse(config, client.DisplayName);
        var list = tags is null ? null : await tags.ConfigureAwait(false);
        var called = ImageNames.Of(reference, await FindNameAsync(cancellationToken).ConfigureAwait(false));
        return ImageInfoBuilder.Build(
            reference, called, root, manifest, platforms, document?.RootElement, list?.OrderBy(t => t, StringComparer.Ordinal).ToArray());
    }

    // The id of an image in a Docker engine is no name.
    private async Task<string?> FindNameAsync(CancellationToken cancellationToken) => reference switch
    {
        { Transport: ImageTransport.DockerDaemon, Name: { } id } when Digest.TryParse(id, out _, out _) => null,
        { Name: not null } when client is not ILayoutSource => reference.Name,
        _ when client is INamedSource named => await named.FindNameAsync(reference.ManifestReference, cancellationToken).ConfigureAwait(false),
        _ => null,
    };

    private async Task<(Manifest Root, Manifest Platform, IReadOnlyList<string>? Platforms)> ReadAsync(CancellationToken cancellationToken)
    {
        var root = await client.GetManifestAsync(reference.ManifestReference, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
        if (!root.IsIndex)
        {
            return (root, root, null);
        }

        var selection = new ImageSelection { Platforms = options.Platform is { } asked ? [asked] : [] };
        var content = await IndexContent.ReadAsync(client, root, selection.Wanted, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
        var images = IndexSelector.Keep(content, selection, reference.ToString()).Where(i => ImageTree.IsManifest(i.Entry)).ToList();
        var image = images.Find(i => i.Platform is { } p && Platform.Default.Matches(p)) ?? images.FirstOrDefault();
        if (image is null && root.ArtifactType is not null)
        {
            return (root, root, []);
        }

        var digest = image?.Entry.Digest ?? throw new OciException(OciErrorKind.PlatformUnknown, $"'{reference}' is an index without an image in it.");
        var manifest = await client.GetManifestAsync(digest.ToString(), WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);

        // The one image of an index that says no platform says it itself.
        return (root, manifest, content.Platforms.Count == 0 && images.Count == 1 ? null : content.Platforms);
    }
}
