using OciSync.Core.Errors;

namespace OciSync.Core.Registry;

/// <summary>
/// Reads from the mirrors of a repository in order, and from the registry itself last. A mirror that can't be reached is not asked again
/// in this run. When all fail, the failure is the registry's own and tells of every mirror's.
/// </summary>
internal sealed class MirroredReads(RegistryClient primary, IReadOnlyList<RegistryClient> mirrors)
{
    /// <summary>The first answer that isn't null; without mirrors null when the registry has none, else <paramref name="missing"/>.</summary>
    internal async Task<T?> FindAsync<T>(Func<RegistryClient, Task<T?>> read, Func<OciException> missing)
        where T : class
    {
        var failures = new List<(string Mirror, string Fault)>();
        foreach (var mirror in mirrors)
        {
            if (await TryAsync(mirror, read, failures).ConfigureAwait(false) is { } found)
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

    /// <summary>The first answer there is.</summary>
    internal async Task<T> GetAsync<T>(Func<RegistryClient, Task<T>> read)
        where T : class => (await FindAsync<T>(
            async c => await read(c).ConfigureAwait(false),
            () => new OciException(OciErrorKind.BlobUnknown, $"'{primary.DisplayName}' gave no answer.")).ConfigureAwait(false))!;

    private async Task<T?> TryAsync<T>(RegistryClient mirror, Func<RegistryClient, Task<T?>> read, List<(string Mirror, string Fault)> failures)
        where T : class
    {
        var connection = mirror.Connection;
        if (connection.Outage is { } outage)
        {
            failures.Add((mirror.Key, outage.Message));
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

            connection.Events.Decide($"The mirror '{mirror.Key}' of '{primary.DisplayName}' was of no use: {e.Message}");
            failures.Add((mirror.Key, e.Message));
        }

        return null;
    }

    private static OciException WithMirrors(OciException e, List<(string Mirror, string Fault)> failures) =>
        new(e.Kind, e.Message + Tell(failures), e) { StatusCode = e.StatusCode, Codes = e.Codes, RetryAfter = e.RetryAfter, IsTransient = e.IsTransient };

    private static string Tell(List<(string Mirror, string Fault)> failures) =>
        $" (Mirrors also failed: {string.Join(" ", failures.Select(f => $"[{f.Mirror}: {f.Fault.TrimEnd('.')}]"))})";
}
