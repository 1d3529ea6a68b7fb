using Microsoft.AspNetCore.Http.Features;
using OciSync.Core.Errors;
using OciSync.Core.Listening;

namespace OciSync.Core.Tests.Listening;

public sealed class RequestApplicationTests
{
    [Fact]
    public async Task Who_sees_the_connection_cut_finds_the_answer_in_the_log()
    {
        var order = new List<string>();
        var application = new RequestApplication(
            (_, _) => throw new OciException(OciErrorKind.StorageFailed, "The disk is gone."), (_, sent) => order.Add($"noted: {sent.Fault}"));
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = "GET", RawTarget = "/v2/" });
        features.Set<IHttpRequestLifetimeFeature>(new Lifetime(() => order.Add("cut")));

        await application.ProcessRequestAsync(features);

        Assert.Equal(["noted: The disk is gone.", "cut"], order);
    }

    private sealed class Lifetime(Action onAbort) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public void Abort() => onAbort();
    }
}
