using System.Collections.Concurrent;
using System.Globalization;
using OciSync.Core.AuthFiles;
using OciSync.Core.Errors;

namespace OciSync.Core.Auth;

/// <summary>When logins of a registry end that say so themselves: a token that is a JWT has the time in it (RFC 7519, <c>exp</c>).</summary>
/// <param name="registry">The registry.</param>
/// <param name="time">Where time comes from.</param>
/// <param name="warn">Told, once for each, of one that ends soon.</param>
internal sealed class LoginEnds(string registry, TimeProvider time, Action<string> warn)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<RegistryCredential, bool> _told = new();

    internal bool IsOver(RegistryCredential credential) => credential.FindEnd() is { } end && end <= time.GetUtcNow();

    /// <summary>Tells of a login that ends within ten minutes.</summary>
    /// <exception cref="OciException">It has ended (<see cref="OciErrorKind.Unauthorized"/>).</exception>
    internal void Check(RegistryCredential credential)
    {
        if (credential.FindEnd() is not { } end)
        {
            return;
        }

        var at = end.ToLocalTime().ToString("HH:mm", CultureInfo.InvariantCulture);
        if (end <= time.GetUtcNow())
        {
            throw new OciException(
                OciErrorKind.Unauthorized,
                $"The {credential} for '{registry}' has ended at {at}. Get a new one, and log in again: Connect-OciRegistry {registry} …");
        }

        if (end - time.GetUtcNow() < Soon && _told.TryAdd(credential, true))
        {
            warn($"The {credential} for '{registry}' ends at {at}: what needs a login there after that will fail. "
                + $"Get a new one: Connect-OciRegistry {registry} …");
        }
    }
}
