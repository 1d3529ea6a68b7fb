using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Stores;

/// <summary>
/// Signatures in skopeo's folder of one image (<c>dir:</c>): <c>signature-N</c> for the image itself, <c>HEX.signature-N</c> for a part of it,
/// whose manifest is <c>HEX.manifest.json</c>.
/// </summary>
internal sealed class DirSignatures(string folder) : IWritableStore
{
    private readonly FolderFiles _files = new(folder);

    public async Task<IReadOnlyList<FoundSignature>> ReadAsync(Digest manifest, WorkScope work)
    {
        var list = new SignatureList(OciErrorKind.LayoutInvalid);
        var prefix = PrefixOf(manifest);
        while (true)
        {
            work.Token.ThrowIfCancellationRequested();
            var name = prefix + Lookaside.FileName(list.Next);
            if (await _files.ReadAsync(name, SignatureFile.MaxLength).ConfigureAwait(false) is not { } content)
            {
                return list.Signatures;
            }

            list.Add(content, _files.PathOf(name));
        }
    }

    public Task<string> AppendAsync(Digest manifest, byte[] signature, int taken, WorkScope work)
    {
        work.Token.ThrowIfCancellationRequested();
        return _files.Exists
            ? Task.FromResult(new NumberedFiles(folder, PrefixOf(manifest)).Append(signature, taken))
            : throw new OciException(OciErrorKind.StorageFailed, $"There is no folder '{folder}', and so no image there to be signed.");
    }

    private string PrefixOf(Digest manifest)
    {
        var part = manifest.Algorithm == "sha256" ? manifest.Hex : manifest.Algorithm + "-" + manifest.Hex;
        return _files.FindSize($"{part}.{DirImage.ManifestFile}") is null ? string.Empty : part + ".";
    }
}
