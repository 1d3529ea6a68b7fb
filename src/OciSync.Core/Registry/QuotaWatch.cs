using System.Collections.Concurrent;
using System.Globalization;
using OciSync.Core.Auth;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.Logins;

namespace OciSync.Core.Registry;

/// <summary>Reads a registry's limit from its answers, tells it, and goes on to the next login when one is used up.</summary>
internal sealed class QuotaWatch(
    string host, Authenticator authenticator, RegistrySessions sessions, EngineEvents events, TimeProvider time, TimeSpan longestWait)
{
    // A timer may end a little before the clock says so; who came too early would have used up an attempt.
    private static readonly TimeSpan TimerError = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<RegistryCredential, (RegistryQuota Quota, DateTimeOffset Until)> _spent = new();

    /// <summary>
    /// Holds back a pull that would be refused: the registry said that this login has none left, and there is no other. It is asked again
    /// when the limit starts anew, or when a request that costs nothing hears of more.
    /// </summary>
    /// <exception cref="OciException">There is no pull left.</exception>
    internal void Check(RegistryRequest request, RegistryCredential? login)
    {
        if (!request.IsPull || !_spent.TryGetValue(login ?? RegistryCredential.Anonymous, out var spent) || spent.Until <= time.GetUtcNow())
        {
            return;
        }

        throw new OciException(
            OciErrorKind.RateLimited,
            $"'{request.Context.Target}' was not asked for: no pulls are left at '{host}' for '{spent.Quota.User}'{Period(spent.Quota)}{Reset(spent.Quota)}. "
                + "Log in for a higher limit, give several logins to Connect-OciRegistry, or try later.")
        { RetryAfter = spent.Until - time.GetUtcNow() + TimerError, IsTransient = true };
    }

    /// <summary>Takes note of an answer; true when the login it was asked with is used up and another is used from now on.</summary>
    internal async Task<bool> TakeAsync(
        HttpAnswer answer, RegistryRequest request, RegistryCredential? used, CancellationToken cancellationToken)
    {
        var quota = QuotaReader.Read(answer.Header, used?.ToString() ?? "anonymous", time.GetUtcNow());
        quota = request.IsOfManifests ? Complete(quota, answer, used) : quota;
        if (quota is not null)
        {
            Tell(sessions.Remember(host, quota), quota);
            Note(quota, used ?? RegistryCredential.Anonymous);
        }

        if ((int)answer.Status != 429 && quota is not { Remaining: 0 })
        {
            return false;
        }

        var another = await authenticator.TryNextLoginAsync(request.Scope, used, cancellationToken).ConfigureAwait(false);
        if (another)
        {
            events.Tell($"'{host}': the quota of '{used}' is used up; the next login is used.");
        }

        return another;
    }

    /// <summary>A refusal for want of quota says when there is some again, where that is known.</summary>
    internal OciException Complete(OciException failure) =>
        failure.Kind != OciErrorKind.RateLimited || sessions.FindQuota(host) is not { Remaining: 0 } quota || quota.Reset < time.GetUtcNow()
            ? failure
            : failure.With(message: failure.Message + $" No pulls are left for '{quota.User}'{Period(quota)}{Reset(quota)}.");

    // A refusal of a manifest that says when to come back tells when there are pulls again, also where no other header speaks of a limit.
    // One of an upload or a list says nothing of pulls.
    private RegistryQuota? Complete(RegistryQuota? quota, HttpAnswer answer, RegistryCredential? used)
    {
        if ((int)answer.Status != 429 || quota is { Remaining: > 0 } or { Reset: not null } || RetryAfter.Read(answer) is not { } wait || wait <= longestWait)
        {
            return quota;
        }

        quota ??= new RegistryQuota { User = used?.ToString() ?? "anonymous" };
        return quota with { Reset = answer.Received + wait };
    }

    // Where it isn't said when there is more, the registry itself has to refuse.
    private void Note(RegistryQuota quota, RegistryCredential login)
    {
        var now = time.GetUtcNow();
        if (quota.Remaining > 0)
        {
            _spent.TryRemove(login, out _);
        }
        else if ((quota.Reset ?? (quota.Period is { } period ? now + period : null)) is { } until && until > now)
        {
            _spent[login] = (quota, until);
        }
    }

    private void Tell(RegistryQuota? before, RegistryQuota now)
    {
        if (before is not null && before.User == now.User && before.Remaining == now.Remaining)
        {
            return;
        }

        var limit = now.Limit is { } pulls ? " of " + pulls.ToString(CultureInfo.InvariantCulture) : string.Empty;
        events.Tell($"'{host}': {now.Remaining}{limit} pulls left{Period(now)} for '{now.User}'{Reset(now)}.");
    }

    private static string Period(RegistryQuota quota) =>
        quota.Period is { } span ? $" in {span.TotalHours.ToString("0.##", CultureInfo.InvariantCulture)} h" : string.Empty;

    // A period is a window that slides: by its end at the latest something of it is there again.
    private string Reset(RegistryQuota quota) =>
        quota.Reset is { } moment ? $", anew at {TimeText.Describe(moment, time.GetUtcNow())}"
        : quota is { Remaining: 0, Period: { } period } ? $", again at {TimeText.Describe(time.GetUtcNow() + period, time.GetUtcNow())} at the latest"
        : string.Empty;
}
