using OciSync.Core.Archives;
using OciSync.Core.Errors;

namespace OciSync.Core.Tests.Archives;

public sealed class DaemonPipeTests
{
    [Fact]
    public void A_pipe_that_is_not_there_is_told_on_Windows_alone()
    {
        var endpoint = new Uri("npipe://./pipe/docker_engine");

        var failure = Assert.Throws<OciException>(() => DaemonPipe.Check("npipe://./pipe/docker_engine", endpoint, isWindows: true));
        Assert.Equal(OciErrorKind.ConnectionFailed, failure.Kind);
        Assert.Contains(@"there is no pipe '\\.\pipe\docker_engine'", failure.Message);
        DaemonPipe.Check("x", endpoint, isWindows: false);
    }

    [Theory]
    [InlineData("npipe://server/pipe/docker_engine")]
    [InlineData("tcp://127.0.0.1:2375")]
    [InlineData("unix:///var/run/docker.sock")]
    public void Other_places_are_not_looked_at(string address) => Assert.Null(DaemonPipe.PathOf(new Uri(address)));
}
