using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.References;

namespace OciSync.Core.Registry;

/// <summary>
/// Reads from the mirrors of a repository in order, and from the registry itself last. A mirror that can't be reached is not asked again
/// in this run. When all fail, the failure is the registry's own and tells of every mirror's.
/// </summary>
internal sealed class MirroredReads(RegistryClient primary, IReadOnlyList<RegistryClient> mirrors)
{
    private readonly ConcurrentDictionary<(RegistryClient Mirror, Digest Blob), string>? _spoiled = mirrors.Count == 0 ? null : new();

    /// <summary>The first answer that isn't null; without mirrors null when the registry has none, else <paramref name="missing"/>.</summary>
    internal Task<T?> FindAsync<T>(Func<RegistryClient, Task<T?>> read, Func<OciException> missing, Digest? blob = null)
        where T : class => mirrors.Count == 0 ? read(primary) : FindAmongAsync(read, missing, blob);

    private async Task<T?> FindAmongAsync<T>(Func<RegistryClient, Task<T?>> read, Func<OciException> missing, Digest? blob)
        where T : class
    {
        var failures = new List<(string Mirror, string Fault)>();
        foreach (var mirror in mirrors)
        {
            if (await TryAsync(mirror, read, blob, failures).ConfigureAwait(false) is { } found)
            {
                return found;
            }
        }

        T? own;
        try
        {
            own = await read(primary).ConfigureAwait(false);
        }
        catch (OciException e) when (failures.Count > 0)
        {
            throw WithMirrors(e, failures);
        }

        return own is null && failures.Count > 0 ? throw WithMirrors(missing(), failures) : own;
    }

    /// <summary>Starts to read a blob at the first place that begins to send it and hasn't spoiled it before.</summary>
    internal async Task<OpenedBlob> OpenAsync(Digest blob, Func<RegistryClient, Task<OpenedBlob>> open) =>
        (await FindAsync<OpenedBlob>(
            async c => await open(c).ConfigureAwait(false),
            () => new OciException(OciErrorKind.BlobUnknown, $"'{primary.DisplayName}' gave no answer."),
            blob).ConfigureAwait(false))!;

    /// <summary>A mirror broke off in the middle of a blob, or sent other bytes: it isn't asked for this blob again in this run.</summary>
    internal void Spoil(RegistryClient mirror, Digest blob, OciException fault)
    {
        if (_spoiled?.TryAdd((mirror, blob), fault.Message) == true)
        {
            primary.Connection.Events.Tell($"The mirror '{mirror.Key}' of '{primary.DisplayName}' is not asked for blob {blob} again: {fault.Message}");
        }
    }

    private async Task<T?> TryAsync<T>(
        RegistryClient mirror, Func<RegistryClient, Task<T?>> read, Digest? blob, List<(string Mirror, string Fault)> failures)
        where T : class
    {
        var connection = mirror.Connection;
        if ((blob is not null && _spoiled!.TryGetValue((mirror, blob), out var fault) ? fault : connection.Outage?.Message) is { } known)
        {
            failures.Add((mirror.Key, known));
            return null;
        }

        try
        {
            if (await read(mirror).ConfigureAwait(false) is { } found)
            {
                return found;
            }

            failures.Add((mirror.Key, "it does not have this"));
        }
        catch (OciException e)
        {
            if (e.Kind is OciErrorKind.ConnectionFailed or OciErrorKind.CertificateUntrusted or OciErrorKind.PlainHttp or OciErrorKind.ProxyUnauthorized)
            {
                connection.Outage = e;
            }

            connection.Events.Tell($"The mirror '{mirror.Key}' of '{primary.DisplayName}' was of no use: {e.Message}");
            failures.Add((mirror.Key, e.Message));
        }

        return null;
    }

    private static OciException WithMirrors(OciException e, List<(string Mirror, string Fault)> failures) =>
        e.With(message: e.Message + Tell(failures), inner: e);

    private static string Tell(List<(string Mirror, string Fault)> failures) =>
        $" (Mirrors also failed: {string.Join(" ", failures.Select(f => $"[{f.Mirror}: {f.Fault.TrimEnd('.')}]"))})";
}
