using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using OciSync.Core.Http;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Tests.Http;

/// <summary>Connections that are opened before a request needs them, where the platform can have them.</summary>
public sealed class ReadyConnectionsTests : IDisposable
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly FakeTimeProvider _time = new();
    private readonly ReadyConnections _ready;
    private readonly DnsEndPoint _place;

    public ReadyConnectionsTests()
    {
        Assert.SkipUnless(HttpHandlers.TakesStreams, "this build of the engine opens none");
        _server.Start();
        _ready = new ReadyConnections(_time);
        _place = new DnsEndPoint("127.0.0.1", ((IPEndPoint)_server.LocalEndpoint).Port);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _ready.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Each_is_given_out_once_and_to_its_own_place()
    {
        _ready.Open(_place.Host, _place.Port, 2);
        using var one = await _server.AcceptSocketAsync(Token);
        using var other = await _server.AcceptSocketAsync(Token);
        Assert.Null(await _ready.TryTakeAsync(new DnsEndPoint("localhost", _place.Port), Token));

        using var first = await _ready.TryTakeAsync(_place, Token);
        using var second = await _ready.TryTakeAsync(_place, Token);
        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.NotSame(first, second);
        Assert.Null(await _ready.TryTakeAsync(_place, Token));
        await first.SendAsync(new byte[] { 42 }, Token);
        await second.SendAsync(new byte[] { 42 }, Token);
        Assert.Equal(1, await one.ReceiveAsync(new byte[1], Token));
        Assert.Equal(1, await other.ReceiveAsync(new byte[1], Token));
    }

    [Fact]
    public async Task One_that_the_server_has_closed_is_not_given_out()
    {
        _ready.Open(_place.Host, _place.Port, 1);
        using (await _server.AcceptSocketAsync(Token))
        {
        }

        // Its end has to arrive first.
        var taken = await _ready.TryTakeAsync(_place, Token);
        for (var i = 0; taken is not null && i < 100; i++)
        {
            taken.Dispose();
            _ready.Open(_place.Host, _place.Port, 1);
            (await _server.AcceptSocketAsync(Token)).Dispose();
            await Task.Delay(i, Token);
            taken = await _ready.TryTakeAsync(_place, Token);
        }

        Assert.Null(taken);
    }

    [Fact]
    public async Task Where_none_can_be_opened_there_is_none()
    {
        _server.Stop();
        _ready.Open(_place.Host, _place.Port, 1);
        Assert.Null(await _ready.TryTakeAsync(_place, Token));
    }

    [Fact]
    public async Task What_nobody_takes_is_closed_after_some_seconds()
    {
        _ready.Open(_place.Host, _place.Port, 1);
        using var accepted = await _server.AcceptSocketAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, await accepted.ReceiveAsync(new byte[1], Token));
        Assert.Null(await _ready.TryTakeAsync(_place, Token));
    }

    [Fact]
    public async Task What_was_opened_is_closed_with_its_handler_and_nothing_is_opened_after_it()
    {
        _ready.Open(_place.Host, _place.Port, 1);
        using var accepted = await _server.AcceptSocketAsync(Token);
        _ready.Dispose();
        Assert.Equal(0, await accepted.ReceiveAsync(new byte[1], Token));
        _ready.Open(_place.Host, _place.Port, 1);
        Assert.Null(await _ready.TryTakeAsync(_place, Token));
    }
}
