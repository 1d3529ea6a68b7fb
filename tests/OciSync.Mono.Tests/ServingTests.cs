using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Mono.Tests;

/// <summary>The server as Windows PowerShell 5.1 has it, with Kestrel from the module's folder.</summary>
public sealed class ServingTests(MonoProgram mono) : IClassFixture<MonoProgram>
{
    [Fact]
    public async Task A_folder_is_served_whole_and_in_parts()
    {
        var image = ImageFactory.Create();
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", image, "1");
        Assert.Equal("Copied", (await mono.CopyAsync($"{source.Address}/a:1", $"oci:{folder["m"]}:lib/a:1"))[0]);
        var port = LoopbackPort.Free();
        await mono.StartAsync("serve-until-told", folder["m"], port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        await WaitAsync(client);

        Assert.Equal(image.Root.Bytes, await client.GetByteArrayAsync("v2/lib/a/manifests/1", TestContext.Current.CancellationToken));
        foreach (var (digest, bytes) in image.Blobs)
        {
            Assert.Equal(bytes, await client.GetByteArrayAsync("v2/lib/a/blobs/" + digest, TestContext.Current.CancellationToken));
            using var request = new HttpRequestMessage(HttpMethod.Get, "v2/lib/a/blobs/" + digest) { Headers = { Range = new RangeHeaderValue(3, null) } };
            using var part = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(bytes[3..], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }

        await mono.TellAsync("end");
        Assert.Contains(await mono.AnswerAsync(), line => line.Contains("/v2/lib/a/manifests/1", StringComparison.Ordinal));
    }

    private static async Task WaitAsync(HttpClient client)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                using var answer = await client.GetAsync("v2/", TestContext.Current.CancellationToken);
                return;
            }
            catch (HttpRequestException) when (i < 600)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }
}
