namespace OciSync.Core.Polyfills;

/// <summary>Waiting by a clock that comes from outside.</summary>
internal static class Clock
{
    internal static Task DelayAsync(this TimeProvider time, TimeSpan wait, CancellationToken cancellationToken) =>
#if NET8_0_OR_GREATER
        Task.Delay(wait, time, cancellationToken);
#else
        time.Delay(wait, cancellationToken);
#endif
}
