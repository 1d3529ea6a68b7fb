using Microsoft.Extensions.Time.Testing;
using OciSync.Core.Flow;

namespace OciSync.Core.Tests.Flow;

/// <summary>What a registry's refusals say of the rate that it allows.</summary>
public sealed class LearnedPaceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LearnedPace _pace;

    public LearnedPaceTests() => _pace = new LearnedPace(null, _time);

    [Fact]
    public void Without_a_refusal_nothing_is_held_back()
    {
        Answer(500);
        Assert.Null(_pace.PerSecond);
        Assert.Equal(100, CountFree(100));
    }

    [Fact]
    public void A_refusal_after_fewer_than_five_answers_says_nothing_of_a_rate()
    {
        Answer(4);
        Refuse(1);
        Assert.Null(_pace.PerSecond);
        Answer(1);
        Refuse(1);
        Assert.Equal(10, _pace.PerSecond);
    }

    [Fact]
    public void After_a_refusal_requests_go_as_fast_as_they_were_answered_in_the_last_second()
    {
        Answer(7);
        _time.Advance(TimeSpan.FromSeconds(1.5));
        Answer(12);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Answer(8);
        Refuse(9);
        Assert.Equal(20, _pace.PerSecond);

        // What a tenth of a second is worth may go at once, and the rest waits.
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(2, CountFree(10));
    }

    [Fact]
    public void Refusals_of_one_second_count_once_and_a_later_one_lowers_the_rate_to_what_was_answered()
    {
        Answer(20);
        Refuse(30);
        Assert.Equal(20, _pace.PerSecond);
        _time.Advance(TimeSpan.FromSeconds(1.05));
        Answer(30);
        Assert.Equal(40, _pace.PerSecond);
        Refuse(1);
        Assert.Equal(30, _pace.PerSecond);
    }

    [Fact]
    public void A_refusal_after_a_pause_halves_the_rate_and_no_more()
    {
        Answer(40);
        Refuse(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        Refuse(1);
        Assert.Equal(20, _pace.PerSecond);
    }

    [Fact]
    public void The_rate_rises_while_nothing_is_refused_the_more_slowly_the_oftener_something_was()
    {
        Answer(20);
        Refuse(1);
        var first = Rise();
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            Refuse(1);
        }

        var later = Rise();
        Assert.Equal(2, first, 2);
        Assert.Equal(1.01, later, 2);
    }

    [Fact]
    public void What_is_not_refused_for_long_goes_freely_again()
    {
        Answer(5);
        Refuse(1);
        Assert.Equal(10, _pace.PerSecond);
        for (var i = 0; i < 60 && _pace.PerSecond is not null; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Answer(1);
        }

        Assert.Null(_pace.PerSecond);
    }

    [Fact]
    public void An_hour_of_refusals_is_over_in_five_minutes_of_answers()
    {
        Answer(30);
        Until(TimeSpan.FromHours(1), 429);
        Assert.True(_pace.PerSecond > 0);
        Until(TimeSpan.FromMinutes(5), 200);
        Assert.True(_pace.PerSecond is null or >= 10, $"{_pace.PerSecond} requests a second");
    }

    [Fact]
    public void The_rate_that_the_user_gave_holds_as_well()
    {
        var pace = new LearnedPace(new Pace(30, _time), _time);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => pace.TakeAsync(CancellationToken.None).IsCompleted));
    }

    private double Rise()
    {
        var before = _pace.PerSecond!.Value;
        _time.Advance(TimeSpan.FromSeconds(1));
        Answer(1);
        return _pace.PerSecond!.Value / before;
    }

    // One request after the other, at the pace, all with the same answer.
    private void Until(TimeSpan time, int status)
    {
        for (var start = _time.GetTimestamp(); _time.GetElapsedTime(start) < time; _pace.Observe(status))
        {
            var turn = _pace.TakeAsync(CancellationToken.None);
            do
            {
                _time.Advance(TimeSpan.FromMilliseconds(20));
            }
            while (!turn.IsCompleted);
        }
    }

    private int CountFree(int asked) => Enumerable.Range(0, asked).Count(_ => _pace.TakeAsync(CancellationToken.None).IsCompleted);

    private void Answer(int count) => Repeat(count, 200);

    private void Refuse(int count) => Repeat(count, 429);

    private void Repeat(int count, int status)
    {
        for (var i = 0; i < count; i++)
        {
            _pace.Observe(status);
        }
    }
}
