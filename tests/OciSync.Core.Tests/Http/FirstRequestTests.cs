using OciSync.Core.Http;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Tests.Http;

public sealed class FirstRequestTests
{
    // Nothing listens at the host's port 80 here: an answer can only have come out of memory.
    [Fact]
    public async Task It_goes_through_the_whole_stack_and_nowhere() =>
        Assert.Equal(HttpHandlers.TakesStreams ? 200 : null, await FirstRequest.RunAsync());
}
