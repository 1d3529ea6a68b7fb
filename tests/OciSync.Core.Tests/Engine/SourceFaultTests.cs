using System.Net;
using System.Net.Sockets;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Rows;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

public sealed class SourceFaultTests
{
    [Fact]
    public async Task A_source_that_refuses_is_named_and_attempts_don_t_multiply()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Layers = 1 });
        await source.AddAsync("a", image, "1");
        source.Faults.Add("GET", "/blobs/", FaultAction.Redirect("http://127.0.0.1:1/x"), times: 1000);

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], place.Address), Run.Quick with { MaximumRetryCount = 2 });

        Assert.Equal((SyncStatus.Failed, "OciConnectionFailed"), (row.Status, row.ErrorId));
        Assert.DoesNotContain(place.Address, row.Error, StringComparison.Ordinal);
        Assert.True(source.Requests.Count("GET", "/blobs/") <= 3 * image.Blobs.Count, "attempts multiplied");
    }

    [Fact]
    public async Task A_source_that_breaks_after_a_few_bytes_each_time_is_given_up()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Layers = 1, LayerSize = 200_000 }), "1");
        source.Faults.Add("GET", "/blobs/", FaultAction.CutResponse(100), times: 100_000);

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], place.Address), Run.Quick with { MaximumRetryCount = 2 });

        Assert.Equal(SyncStatus.Failed, row.Status);
        Assert.True(source.Requests.Count("GET", "/blobs/") < 20, $"{source.Requests.Count("GET", "/blobs/")} requests");
    }

    [Fact]
    public async Task A_reset_in_the_handshake_is_tried_again_and_no_reason_for_plain_http()
    {
        var address = Dns.GetHostAddresses(Dns.GetHostName()).FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork);
        Assert.SkipWhen(address is null, "This machine's name has no address.");
        using var listener = new TcpListener(address!, 0);
        listener.Start();
        var connections = 0;
        var serving = ServeAsync();
        var host = $"{Dns.GetHostName()}:{((IPEndPoint)listener.LocalEndpoint).Port}";
        using var engine = Run.Engine(Run.Quick with { MaximumRetryCount = 2 }, cancellationToken: TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<OciException>(
            () => engine.ListTagsAsync(ImageReference.Parse(host + "/a"), TestContext.Current.CancellationToken));

        listener.Stop();
        await serving;
        Assert.Equal((OciErrorKind.ConnectionFailed, 3), (failure.Kind, connections));

        async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    connections++;
                    await client.GetStream().ReadAtLeastAsync(new byte[1], 1, false);
                    client.LingerState = new LingerOption(true, 0);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    [Fact]
    public async Task An_unusable_next_page_is_the_registrys_fault()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        source.Faults.Add("GET", "/tags/list", new FaultAction
        {
            Kind = FaultKind.Respond,
            Status = 200,
            Body = """{"tags":["1"]}""",
            ContentType = "application/json",
            Headers = new Dictionary<string, string> { ["Link"] = "<http://a:99999/x>; rel=\"next\"" },
        });
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<OciException>(
            () => engine.ListTagsAsync(ImageReference.Parse(source.Address + "/a"), TestContext.Current.CancellationToken));

        Assert.Equal(OciErrorKind.ProtocolError, failure.Kind);
    }
}
