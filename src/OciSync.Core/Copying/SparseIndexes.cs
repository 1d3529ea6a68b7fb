using System.Text.Json;
using OciSync.Core.Copying.Blobs;
using OciSync.Core.Errors;
using OciSync.Core.Files;
using OciSync.Core.Flow;
using OciSync.Core.References;

namespace OciSync.Core.Copying;

/// <summary>
/// Indexes of which only some platforms are at a destination (<c>-KeepIndex</c>): whether a registry takes such a one, which it is asked once in a run,
/// and, with a folder for it, which ones a run has left so.
/// </summary>
/// <param name="statePath">The folder of <c>-StatePath</c>, or null: then nothing is noted.</param>
/// <param name="time">The clock.</param>
/// <param name="events">Who is told what can't be noted.</param>
/// <param name="lifetime">Cancelled when the run ends.</param>
internal sealed class SparseIndexes(string? statePath, TimeProvider time, EngineEvents events, CancellationToken lifetime)
{
    private readonly SingleFlight<string, bool> _answers = new(lifetime);

    // An index that is there by a part stays so until somebody completes it.
    private readonly RecordFolder? _folder = RecordFolder.Below(statePath, "sparse", TimeSpan.MaxValue, time, events.Tell);

    /// <summary>Fails when the registry has refused one in this run: before a blob is moved for the next.</summary>
    /// <exception cref="OciException">It has (<see cref="OciErrorKind.SparseIndexRefused"/>).</exception>
    internal void Check(DestinationCopy copy)
    {
        if (_answers.TryGet(HostOf(copy), out var takes) && !takes)
        {
            throw Refused(copy, null);
        }
    }

    /// <summary>Writes such an index. While the first one of a registry is on its way, others wait for what becomes of it.</summary>
    /// <exception cref="OciException">The registry wants every manifest of an index (<see cref="OciErrorKind.SparseIndexRefused"/>), or it failed.</exception>
    internal async Task PutAsync(DestinationCopy copy, Func<Task> put, CancellationToken cancellationToken)
    {
        OciException? refusal = null;
        var isFirst = false;
        var takes = await _answers.RunAsync(
            HostOf(copy),
            async _ =>
            {
                isFirst = true;
                refusal = await TryPutAsync(put).ConfigureAwait(false);
                return refusal is null;
            },
            cancellationToken).ConfigureAwait(false);
        if (takes && !isFirst)
        {
            refusal = await TryPutAsync(put).ConfigureAwait(false);
        }

        if (!takes || refusal is not null)
        {
            throw Refused(copy, refusal);
        }
    }

    /// <summary>Whether a failure says that a manifest names what is not there.</summary>
    internal static bool IsRefusal(OciException failure) =>
        failure is { Kind: OciErrorKind.BlobUnknown or OciErrorKind.ManifestUnknown or OciErrorKind.ManifestRefused, StatusCode: 400 or 404 or 422 };

    internal static OciException Refused(DestinationCopy copy, OciException? refusal)
    {
        var text = $"'{HostOf(copy)}' takes no index of which a part is missing, and -KeepIndex would leave '{copy.Reference}' so. Copy all platforms (without "
            + "-Platform), or without -KeepIndex: then the index is rebuilt, has another digest, and signatures on the whole no longer match. A layout "
            + "(oci:path) takes it too.";
        return refusal is null
            ? new OciException(OciErrorKind.SparseIndexRefused, text)
            : refusal.With(OciErrorKind.SparseIndexRefused, $"{text} It said: {refusal.Message}", refusal);
    }

    /// <summary>
    /// Whether the index is at the destination and something below it is not: with <c>-KeepIndex</c> what is wanted is asked for; without, nothing is
    /// asked, and the note of an earlier run counts.
    /// </summary>
    internal async Task<bool> IsPartMissingAsync(DestinationCopy copy, SourceImage source, CancellationToken cancellationToken)
    {
        if (source.Sparse is not { } sparse)
        {
            return !source.Selection.KeepIndex && _folder is not null && File.Exists(_folder.PathOf(KeyOf(copy, source)));
        }

        var heads = await Task.WhenAll(sparse.Kept!.Where(d => d != sparse.Digest).Select(
            d => copy.Client.HeadManifestAsync(d.ToString(), copy.Work(cancellationToken)))).ConfigureAwait(false);
        return heads.Any(h => h is null);
    }

    /// <summary>Notes that an index is there by a part, or that it is whole by now.</summary>
    internal void Note(DestinationCopy copy, SourceImage source)
    {
        try
        {
            if (source.Sparse?.KeptPlatforms is not { } platforms)
            {
                _folder?.Delete(KeyOf(copy, source));
                return;
            }

            var note = new Dictionary<string, object>
            {
                ["place"] = copy.Reference.PlaceName,
                ["index"] = source.Wanted!.ToString(),
                ["platforms"] = platforms,
            };
            _folder?.Write(KeyOf(copy, source), JsonSerializer.SerializeToUtf8Bytes(note));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            events.Tell($"What is missing of '{copy.Reference}' can't be noted in '{_folder}': {e.Message}");
        }
    }

    private static async Task<OciException?> TryPutAsync(Func<Task> put)
    {
        try
        {
            await put().ConfigureAwait(false);
            return null;
        }
        catch (OciException e) when (IsRefusal(e))
        {
            return e;
        }
    }

    private static string HostOf(DestinationCopy copy) => copy.Reference.Image?.Registry ?? copy.Reference.PlaceName;

    private static string KeyOf(DestinationCopy copy, SourceImage source) => $"{copy.Client.Key} {source.Wanted}";
}
