using Microsoft.Extensions.Time.Testing;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Engine;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Logins;
using OciSync.Core.Machine;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

/// <summary>Runs of the engine as a cmdlet makes them, short of patience.</summary>
internal static class Run
{
    internal static readonly EngineOptions Quick = new()
    {
        MaximumRetryCount = 3,
        RetryInterval = TimeSpan.FromMilliseconds(5),
        StallTimeout = TimeSpan.FromSeconds(20),
        Places = new MachinePlaces(),
    };

    /// <summary>For runs without a repeated attempt: no time goes by in them, and nobody loses patience, however slow the machine is.</summary>
    internal static EngineOptions Patient => Quick with { Time = new FakeTimeProvider(DateTimeOffset.UtcNow) };

    internal static OciEngine Engine(
        EngineOptions? options = null, RegistrySessions? sessions = null, EngineEvents? events = null, CancellationToken cancellationToken = default) =>
        new(options ?? Quick, events ?? EngineEvents.None, sessions ?? new RegistrySessions(), new Dictionary<string, RegistryCredential>(), cancellationToken);

    /// <summary>An engine that knows what a sync file says of registries.</summary>
    internal static OciEngine Engine(EngineOptions options, IReadOnlyList<SyncRegistry> registries, CancellationToken cancellationToken) =>
        new(options, EngineEvents.None, new RegistrySessions(), new Dictionary<string, RegistryCredential>(), registries, cancellationToken);

    internal static RegistrySessions Login(EmbeddedRegistry registry, string user = "alice", string password = "s3cret")
    {
        var sessions = new RegistrySessions();
        sessions.Set(registry.Address, new ConnectionSettings(), RegistryCredential.FromPassword(user, password));
        return sessions;
    }

    /// <summary>The pairs of sources and places, by the last part of the name.</summary>
    internal static SyncRequest Request(IEnumerable<string> sources, params string[] places) => new()
    {
        Pairs = sources.SelectMany(s => places.Select(p =>
        {
            var source = ImageReference.Parse(s);
            return new SyncPair(source, GivenDestination.Read(p).Below(source, DestinationNaming.Leaf, null), s);
        })).ToList(),
    };

    internal static ImageSelection Only(params string[] platforms) => new() { Platforms = platforms.Select(Platform.Parse).ToList() };

    internal static async Task<IReadOnlyList<SyncOutcome>> SyncAsync(
        SyncRequest request, EngineOptions? options = null, RegistrySessions? sessions = null, Func<OciSyncResult, Task<bool>>? confirm = null,
        EngineEvents? events = null)
    {
        using var engine = Engine(options, sessions, events, TestContext.Current.CancellationToken);
        return await SyncAsync(engine, request, confirm);
    }

    internal static async Task<IReadOnlyList<SyncOutcome>> SyncAsync(
        OciEngine engine, SyncRequest request, Func<OciSyncResult, Task<bool>>? confirm = null)
    {
        var outcomes = new List<SyncOutcome>();
        await engine.SyncAsync(
            request,
            outcome =>
            {
                lock (outcomes)
                {
                    outcomes.Add(outcome);
                }
            },
            confirm,
            TestContext.Current.CancellationToken);
        return outcomes;
    }

    /// <summary>The one row of a run that is to have one.</summary>
    internal static async Task<OciSyncResult> OneAsync(SyncRequest request, EngineOptions? options = null, RegistrySessions? sessions = null) =>
        Assert.Single(await SyncAsync(request, options, sessions)).Row;

    internal static IEnumerable<string> Statuses(this IEnumerable<SyncOutcome> outcomes) => outcomes.Select(o => o.Row.Status).Order();
}
