using System.Text;
using System.Text.Json;
using OciSync.Core.Copying;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Transports;

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

        var head = await client.HeadManifestAsync(reference.ManifestReference, null, cancellationToken).ConfigureAwait(false);
        return (head ?? throw client.Missing(reference.ManifestReference)).Digest.ToString();
    }

    internal async Task<string> ReadRawAsync(CancellationToken cancellationToken)
    {
        var manifest = options.Platform is null
            ? await client.GetManifestAsync(reference.ManifestReference, null, cancellationToken).ConfigureAwait(false)
            : (await ReadAsync(cancellationToken).ConfigureAwait(false)).Platform;
        return Encoding.UTF8.GetString(manifest.Content);
    }

    internal async Task<string> ReadConfigAsync(CancellationToken cancellationToken)
    {
        var (_, manifest) = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (manifest.SchemaOne is { } old)
        {
            return old.ToConfig([]).ToJsonString();
        }

        var config = manifest.Config ?? throw new OciException(OciErrorKind.ManifestInvalid, $"'{reference}' has no config.");
        return Encoding.UTF8.GetString(await ConfigReader.ReadAsync(client, config, null, cancellationToken).ConfigureAwait(false));
    }

    internal async Task<OciImageInfo> InspectAsync(CancellationToken cancellationToken)
    {
        var tags = options.IncludeTags ? client.ListTagsAsync(cancellationToken) : null;
        var (root, manifest) = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var config = manifest.Config is { } descriptor && MediaTypes.IsImageConfig(descriptor.MediaType)
            ? await ConfigReader.ReadAsync(client, descriptor, null, cancellationToken).ConfigureAwait(false)
            : null;
        using var document = manifest.SchemaOne is { } old ? JsonDocument.Parse(old.ToConfig([]).ToJsonString())
            : config is null ? null : ConfigReader.Parse(config, client.DisplayName);
        var list = tags is null ? null : await tags.ConfigureAwait(false);
        var called = ImageNames.Of(reference, await FindNameAsync(cancellationToken).ConfigureAwait(false));
        return ImageInfoBuilder.Build(reference, called, root, manifest, document?.RootElement, list?.OrderBy(t => t, StringComparer.Ordinal).ToArray());
    }

    // The id of an image in a Docker engine is no name.
    private async Task<string?> FindNameAsync(CancellationToken cancellationToken) => reference switch
    {
        { Transport: ImageTransport.DockerDaemon, Name: { } id } when Digest.TryParse(id, out _, out _) => null,
        { Name: not null } when client is not ILayoutSource => reference.Name,
        _ when client is INamedSource named => await named.FindNameAsync(reference.ManifestReference, cancellationToken).ConfigureAwait(false),
        _ => null,
    };

    private async Task<(Manifest Root, Manifest Platform)> ReadAsync(CancellationToken cancellationToken)
    {
        var root = await client.GetManifestAsync(reference.ManifestReference, null, cancellationToken).ConfigureAwait(false);
        var manifest = root;
        for (var depth = 0; manifest.IsIndex; depth++)
        {
            var child = depth > 8 ? null : Choose(manifest);
            if (child is null)
            {
                throw new OciException(OciErrorKind.PlatformUnknown, $"'{reference}' is an index without an image in it.");
            }

            manifest = await client.GetManifestAsync(child.Digest.ToString(), null, cancellationToken).ConfigureAwait(false);
        }

        return (root, manifest);
    }

    private Descriptor? Choose(Manifest index)
    {
        if (options.Platform is { } asked && index.Children.Any(c => c.Platform is not null))
        {
            // Choosing refuses what the index doesn't have, and says what it has.
            _ = IndexSelector.Select(index, new ImageSelection { Platforms = [asked] }, reference.ToString());
            return index.Children.First(c => !c.IsAttestation && c.Platform is { } p && asked.Matches(p));
        }

        var images = index.Children.Where(c => !c.IsAttestation && ImageTree.IsManifest(c)).ToList();
        return images.FirstOrDefault(c => c.Platform is { } p && Platform.Default.Matches(p)) ?? images.FirstOrDefault();
    }
}
