using OciSync.Core.Distribution;
using OciSync.Core.Engine;
using OciSync.Core.Filling;
using OciSync.Core.Flow;
using OciSync.Core.Shelves;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Filling;

/// <summary>A folder that fills itself from an embedded registry, asked as clients ask.</summary>
internal sealed class FillWorld : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _lifetime = new();
    private readonly List<string> _warnings = [];
    private readonly ServedFolder _served;
    private readonly UpstreamPools _pools;
    private readonly MirrorFiller _filler;
    private readonly Responder _responder;

    private FillWorld(EmbeddedRegistry registry, string folder, TimeSpan tagLifetime, EngineOptions options, FillLimits? limits)
    {
        Registry = registry;
        Root = folder.Length > 0 ? folder : _folder["m"];
        var events = new EngineEvents
        {
            Warning = text =>
            {
                lock (_warnings)
                {
                    _warnings.Add(text);
                }
            },
        };
        _served = new ServedFolder(Root, options, events);
        _pools = new UpstreamPools(
            () =>
            {
                var engine = Run.Engine(options);
                return (engine.Pool, engine);
            },
            options.Time);
        var own = (limits ?? new FillLimits()) with { Rest = TimeSpan.FromMilliseconds(200) };
        _filler = new MirrorFiller(Root, _pools, options, events, own) { OnFilled = _served.Forget };
        Images = new FillingImages(
            _served, new UpstreamNames([registry.Address]), _pools, _filler, new TagAges(tagLifetime, options.Time), _lifetime.Token);
        _responder = new Responder(Images, new HostNames([]), new ClientLogins([]));
    }

    internal EmbeddedRegistry Registry { get; }

    internal FillingImages Images { get; }

    internal string Root { get; }

    internal string Layout => "oci:" + Root;

    internal string Prefix => "/v2/" + Registry.Address.Replace(':', '-') + "/";

    internal string Warnings
    {
        get
        {
            lock (_warnings)
            {
                return string.Join('\n', _warnings);
            }
        }
    }

    internal static async Task<FillWorld> StartAsync(
        EmbeddedRegistry registry, TimeSpan? tagLifetime = null, string folder = "", EngineOptions? options = null, FillLimits? limits = null)
    {
        var world = new FillWorld(registry, folder, tagLifetime ?? TimeSpan.FromHours(1), options ?? Run.Quick with { MaximumRetryCount = 1 }, limits);
        await world._filler.PrepareAsync(TestContext.Current.CancellationToken);
        return world;
    }

    internal Task<ClientAnswer> AskAsync(string target, string method = "GET") =>
        _responder.AnswerAsync(new ClientRequest(method, target) { Host = "localhost" }, TestContext.Current.CancellationToken);

    /// <summary>Waits until a name is in the index of the folder.</summary>
    internal async Task WaitForAsync(string name)
    {
        var index = Path.Combine(Root, "index.json");
        for (var i = 0; !File.Exists(index) || !File.ReadAllText(index).Contains(name, StringComparison.Ordinal); i++)
        {
            Assert.True(i < 1500, $"'{name}' did not come into the folder. {Warnings} {File.ReadAllText(index)}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await _filler.WaitAsync(new UpstreamImage(Registry.Address, name.Split(':', '@')[0]), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync();
        _filler.Dispose();
        _pools.Dispose();
        _served.Dispose();
        _folder.Dispose();
        _lifetime.Dispose();
    }
}
