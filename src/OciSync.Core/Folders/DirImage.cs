using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Folders;

/// <summary>
/// skopeo's folder of one image: <c>version</c>, <c>manifest.json</c>, blobs by their hex digits, entries of an index as
/// <c>hex.manifest.json</c>. A new image takes the place of the old one by its manifest; then what only the old one needed goes.
/// </summary>
internal sealed class DirImage : FolderStore
{
    internal const string ManifestFile = "manifest.json";
    private const string SignaturePrefix = "signature-";
    private const string VersionFile = "version";
    private const string VersionPrefix = "Directory Transport Version: ";
    private const int MaxVersionSize = 64 * 1024;

    private readonly Once<bool> _prepared;

    internal DirImage(string path, FolderHost host)
        : base(ImageTransport.Dir, path, host)
    {
        _prepared = new Once<bool>(host.Lifetime);
    }

    public override async Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work)
    {
        if (!Files.Exists || !await IsImageAsync().ConfigureAwait(false))
        {
            return null;
        }

        var asked = Digest.TryParse(reference, out var digest, out _) ? digest : null;
        if (await TryReadRootAsync(asked).ConfigureAwait(false) is { } root && (asked is null || asked == root.Digest))
        {
            return new ManifestHead(root.Digest, root.MediaType);
        }

        return asked is not null && Files.FindSize(PartPath(asked)) is not null ? new ManifestHead(asked, null) : null;
    }

    public override async Task<Manifest> GetManifestAsync(string reference, WorkScope work)
    {
        var asked = Digest.TryParse(reference, out var digest, out _) ? digest : null;
        if (!Files.Exists || !await IsImageAsync().ConfigureAwait(false) || await TryReadRootAsync(asked).ConfigureAwait(false) is not { } root)
        {
            throw Missing(reference);
        }

        return asked is null || asked == root.Digest ? root : await ReadManifestAsync(PartPath(asked), asked, null, null).ConfigureAwait(false);
    }

    private static bool IsSignature(string name)
    {
        var start = name.IndexOf(SignaturePrefix, StringComparison.Ordinal);
        return (start == 0 || (start > 0 && name[start - 1] == '.'))
            && name.Length > start + SignaturePrefix.Length && name.Skip(start + SignaturePrefix.Length).All(c => c is >= '0' and <= '9');
    }

    public override async Task PutManifestAsync(string reference, Manifest manifest, bool isPart, WorkScope work)
    {
        await PrepareAsync(work.Token).ConfigureAwait(false);
        if (manifest.Digest.Algorithm != "sha256" || manifest.Blobs.Any(b => b.Digest.Algorithm != "sha256"))
        {
            await WriteVersionAsync("1.2", work.Token).ConfigureAwait(false);
        }

        if (!isPart && await Files.ReadAsync(ManifestFile, ManifestReader.MaxSize).ConfigureAwait(false) is { } before
            && !before.SequenceEqual(manifest.Content))
        {
            // They sign the image that goes, and would seem to sign the one that comes.
            RemoveSignatures();
        }

        await Files.WriteAsync(isPart ? PartPath(manifest.Digest) : ManifestFile, manifest.Content, work.Token).ConfigureAwait(false);
        if (!isPart)
        {
            await RemoveOthersAsync(manifest, work.Token).ConfigureAwait(false);
        }
    }

    private void RemoveSignatures()
    {
        var signatures = Files.ListNames(string.Empty).Where(IsSignature).ToList();
        signatures.ForEach(s => Files.Delete(s));
        if (signatures.Count > 0)
        {
            Connection.Events.Tell($"'{DisplayName}': {signatures.Count} signatures of the image that was there before are deleted with it.");
        }
    }

    // Files that are called as blobs and manifests are here, and that the image doesn't need. While it isn't whole nothing goes.
    private async Task RemoveOthersAsync(Manifest root, CancellationToken cancellationToken)
    {
        try
        {
            var tree = await ImageTree.LoadAsync(this, root, WorkScope.Uncounted(cancellationToken), includeForeign: true).ConfigureAwait(false);
            var needed = new HashSet<string>(
                tree.Blobs.Select(b => BlobPath(b.Digest)).Concat(tree.Children.Select(c => PartPath(c.Digest))), StringComparer.Ordinal);
            var others = Files.ListNames(string.Empty).Where(n => !needed.Contains(n) && IsOfAnImage(n)).ToList();
            var bytes = others.Sum(Files.Delete);
            if (others.Count > 0)
            {
                Connection.Events.Tell($"'{DisplayName}': {others.Count} files with {bytes} bytes of an image that was there before are deleted.");
            }
        }
        catch (OciException e)
        {
            Connection.Events.Tell($"'{DisplayName}': what an image that was there before has left stays: {e.Message}");
        }
    }

    private static bool IsOfAnImage(string file)
    {
        var name = file.EndsWith("." + ManifestFile, StringComparison.Ordinal) ? file.Substring(0, file.Length - ManifestFile.Length - 1) : file;
        var dash = name.IndexOf('-');
        return Digest.TryParse(dash < 0 ? "sha256:" + name : name.Substring(0, dash) + ":" + name.Substring(dash + 1), out _, out _);
    }

    public override Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public override OciException Missing(string reference) => new(
        OciErrorKind.ManifestUnknown, $"'{DisplayName}' has no image: {(Files.Exists ? "the folder is empty" : "there is no such folder")}.");

    private protected override string BlobPath(Digest digest) => digest.Algorithm == "sha256" ? digest.Hex : digest.Algorithm + "-" + digest.Hex;

    private protected override Task PrepareAsync(CancellationToken cancellationToken) => _prepared.RunAsync(CreateAsync, cancellationToken);

    private string PartPath(Digest digest) => BlobPath(digest) + "." + ManifestFile;

    private async Task<bool> CreateAsync(CancellationToken cancellationToken)
    {
        Files.CreateFolder();
        if (!await IsImageAsync().ConfigureAwait(false) || !Files.Has(VersionFile))
        {
            await WriteVersionAsync("1.1", cancellationToken).ConfigureAwait(false);
        }

        Files.Tidy(Connection.Options.Time.GetUtcNow());
        return true;
    }

    private void CheckSpelling()
    {
        try
        {
            if (FolderSpelling.FindOther(Files.Root) is { } other)
            {
                throw new OciException(
                    OciErrorKind.NameCollision,
                    $"'{Files.Root}' is the folder '{other}', which holds the image of another tag: this file system doesn't tell "
                        + "upper and lower case apart. Use another folder, or a layout (oci:), which keeps such names apart.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unreadable(Files.Root, e);
        }
    }

    private Task WriteVersionAsync(string version, CancellationToken cancellationToken) =>
        Files.WriteAsync(VersionFile, Encoding.ASCII.GetBytes(VersionPrefix + version + "\n"), cancellationToken);

    // Of several digest algorithms the manifest's is the one that is asked for.
    private async Task<Manifest?> TryReadRootAsync(Digest? asked)
    {
        var bytes = await Files.ReadAsync(ManifestFile, ManifestReader.MaxSize).ConfigureAwait(false);
        return bytes is null ? null : ManifestReader.Read(bytes, null, DigestOf(bytes, asked), Files.PathOf(ManifestFile));
    }

    private Digest DigestOf(byte[] bytes, Digest? asked)
    {
        try
        {
            return ManifestDigest.Of(bytes, asked?.Algorithm ?? "sha256", null);
        }
        catch (FormatException e)
        {
            throw new OciException(OciErrorKind.ManifestInvalid, $"The manifest of '{Files.PathOf(ManifestFile)}' can't be used: {e.Message}.", e);
        }
    }

    // False when the folder is empty. As skopeo does, a folder without a version is read.
    private async Task<bool> IsImageAsync()
    {
        CheckSpelling();
        var path = Files.PathOf(VersionFile);
        if (await Files.ReadAsync(VersionFile, MaxVersionSize).ConfigureAwait(false) is { } bytes)
        {
            var text = Encoding.UTF8.GetString(bytes).Trim();
            return text is VersionPrefix + "1.0" or VersionPrefix + "1.1" or VersionPrefix + "1.2"
                ? true
                : throw new OciException(
                    OciErrorKind.LayoutInvalid,
                    $"'{path}' says '{Printable.Text(text)}', which is no version of an image folder known here (1.2 is the newest).");
        }

        // Whoever makes a folder writes its version first: it may have come after we looked for it.
        return Files.Has(ManifestFile) || (Files.IsEmpty ? false : Files.Has(VersionFile) ? await IsImageAsync().ConfigureAwait(false) : throw new OciException(
            OciErrorKind.LayoutInvalid, $"'{Files.Root}' is not the folder of an image: it has no '{ManifestFile}', and it isn't empty."));
    }
}
