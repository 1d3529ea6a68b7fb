using OciSync.Core.Flow;

namespace OciSync.Core.Tests.Flow;

public sealed class WindowTests : IDisposable
{
    private readonly Window _window = new(8, 32);

    public void Dispose() => _window.Dispose();

    [Theory]
    [InlineData(1, 8)]
    [InlineData(10, 8)]
    [InlineData(20, 16)]
    [InlineData(30, 24)]
    [InlineData(400, 32)]
    public void It_is_as_wide_as_the_distance_wants(int milliseconds, int limit)
    {
        Answer(100, milliseconds);
        Assert.Equal(limit, _window.Limit);
        Assert.Equal(limit, CountFree());
    }

    [Fact]
    public void It_grows_by_one_for_each_answer()
    {
        Answer(3, 100);
        Assert.Equal(11, _window.Limit);
    }

    [Fact]
    public void The_quickest_answer_of_a_registry_is_its_distance_and_the_farthest_registry_counts()
    {
        _window.Report("near", TimeSpan.FromMilliseconds(1));
        Answer(100, 900, "near");
        Assert.Equal(8, _window.Limit);
        Answer(100, 20, "far");
        Assert.Equal(16, _window.Limit);
    }

    [Fact]
    public void A_registry_that_wants_less_halves_it_and_it_grows_again_slowly()
    {
        Answer(100, 400);
        _window.Narrow();
        Assert.Equal((16, 16), (_window.Limit, CountFree()));
        Answer(19, 400);
        Assert.Equal(16, _window.Limit);
        Answer(1, 400);
        Assert.Equal((17, 17), (_window.Limit, CountFree()));
        for (var i = 0; i < 10; i++)
        {
            _window.Narrow();
        }

        Assert.Equal((1, 1), (_window.Limit, CountFree()));
    }

    [Fact]
    public void Where_no_pace_holds_requests_back_too_many_of_them_leave_one_at_a_time()
    {
        Answer(100, 400);
        for (var i = 0; i < 6; i++)
        {
            _window.Observe("far", 429, null, isPaced: false);
        }

        Assert.Equal((1, 1), (_window.Limit, CountFree()));
    }

    [Fact]
    public void Too_many_requests_halve_what_was_added_for_the_distance_and_leave_as_many_as_near_by()
    {
        Answer(100, 400);
        _window.Observe("far", 429, null, isPaced: true);
        Assert.Equal((16, 16), (_window.Limit, CountFree()));
        _window.Observe("far", 429, null, isPaced: true);
        _window.Observe("far", 429, null, isPaced: true);
        Assert.Equal((8, 8), (_window.Limit, CountFree()));
        _window.Observe("far", 503, null, isPaced: true);
        Assert.Equal((4, 4), (_window.Limit, CountFree()));
        _window.Observe("far", 429, null, isPaced: true);
        Assert.Equal((4, 4), (_window.Limit, CountFree()));
    }

    [Fact]
    public async Task Places_that_are_taken_when_it_narrows_are_given_up_one_by_one()
    {
        for (var i = 0; i < 8; i++)
        {
            Assert.True(await _window.EnterAsync(TimeSpan.Zero, TimeProvider.System, TestContext.Current.CancellationToken));
        }

        _window.Narrow();
        for (var i = 0; i < 4; i++)
        {
            _window.Leave();
            Assert.Equal(0, CountFree());
        }

        for (var i = 1; i <= 4; i++)
        {
            _window.Leave();
            Assert.Equal(i, CountFree());
        }
    }

    [Fact]
    public async Task Who_waits_goes_on_as_soon_as_it_grows()
    {
        for (var i = 0; i < 8; i++)
        {
            Assert.True(await _window.EnterAsync(TimeSpan.Zero, TimeProvider.System, TestContext.Current.CancellationToken));
        }

        var waiting = _window.EnterAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        Answer(1, 100);
        Assert.True(await waiting);
    }

    [Fact]
    public void It_never_grows_where_it_may_not()
    {
        using var fixedWindow = new Window(3, 3);
        for (var i = 0; i < 50; i++)
        {
            fixedWindow.Report("far", TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, fixedWindow.Limit);
    }

    private void Answer(int times, int milliseconds, string host = "far")
    {
        for (var i = 0; i < times; i++)
        {
            _window.Report(host, TimeSpan.FromMilliseconds(milliseconds));
        }
    }

    // Takes all there are, and gives them back.
    private int CountFree()
    {
        var taken = 0;
        while (_window.EnterAsync(TimeSpan.Zero, TimeProvider.System, TestContext.Current.CancellationToken).GetAwaiter().GetResult())
        {
            taken++;
        }

        for (var i = 0; i < taken; i++)
        {
            _window.Leave();
        }

        return taken;
    }
}
