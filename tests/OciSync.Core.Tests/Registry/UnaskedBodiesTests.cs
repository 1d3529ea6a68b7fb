using OciSync.Core.Registry;

namespace OciSync.Core.Tests.Registry;

public sealed class UnaskedBodiesTests
{
    private const long MB = 1024 * 1024;

    private readonly UnaskedBodies _unasked = new(mayTry: true);

    [Fact]
    public void Without_retries_to_spare_all_larger_ones_are_asked_for()
    {
        var never = new UnaskedBodies(mayTry: false);
        Assert.True(never.TryBegin(MB, isFar: true));
        Assert.False(never.TryBegin(MB + 1, isFar: true));
    }

    [Fact]
    public void Near_by_only_small_bodies_go_without_the_registrys_word()
    {
        Assert.True(_unasked.TryBegin(MB, isFar: false));
        Assert.False(_unasked.TryBegin(MB + 1, isFar: false));
    }

    [Fact]
    public void Far_away_one_goes_until_as_much_was_taken_and_then_all_up_to_that()
    {
        Assert.True(_unasked.TryBegin(10 * MB, isFar: true));
        Assert.False(_unasked.TryBegin(2 * MB, isFar: true));
        Assert.True(_unasked.TryBegin(MB, isFar: true));

        _unasked.End(10 * MB, isTaken: true);
        Assert.True(_unasked.TryBegin(10 * MB, isFar: true));
        Assert.True(_unasked.TryBegin(2 * MB, isFar: true));
        Assert.True(_unasked.TryBegin(11 * MB, isFar: true));
        Assert.False(_unasked.TryBegin(12 * MB, isFar: true));

        // What is known to be taken ends while the other is under way.
        _unasked.End(2 * MB, isTaken: true);
        Assert.False(_unasked.TryBegin(12 * MB, isFar: true));
    }

    [Fact]
    public void None_is_so_large_that_to_send_it_in_vain_would_matter()
    {
        Assert.False(_unasked.TryBegin((64 * MB) + 1, isFar: true));
        Assert.True(_unasked.TryBegin(64 * MB, isFar: true));
    }

    [Fact]
    public void After_one_that_was_not_taken_all_are_asked_for()
    {
        Assert.True(_unasked.TryBegin(10 * MB, isFar: true));
        _unasked.End(10 * MB, isTaken: true);
        Assert.True(_unasked.TryBegin(10 * MB, isFar: true));
        _unasked.End(10 * MB, isTaken: false);
        Assert.False(_unasked.TryBegin(2 * MB, isFar: true));
        Assert.True(_unasked.TryBegin(MB, isFar: true));
    }

    [Fact]
    public void A_registry_that_redirects_what_it_has_taken_is_asked_before_any_byte()
    {
        _unasked.IsRefused = true;
        Assert.False(_unasked.TryBegin(1, isFar: true));
        Assert.True(_unasked.TryBegin(0, isFar: true));
    }
}
