namespace OciSync.Bridge.Tests;

public sealed class FailureTests
{
    private const string Catch = "try { Invoke-TestWork $work } catch { $_.Exception.GetType().Name; $_.Exception.Message }";

    [Fact]
    public void What_the_work_throws_arrives_after_what_it_wrote()
    {
        using var engine = new Engine(async (writer, _) =>
        {
            await writer.WriteObjectAsync("first");
            throw new InvalidDataException("broken");
        });
        Assert.Equal(["first", "InvalidDataException", "broken"], engine.Output(Catch));
    }

    [Fact]
    public void Work_may_throw_before_its_first_await()
    {
        using var engine = new Engine((_, _) => throw new InvalidDataException("early"));
        Assert.Equal(["InvalidDataException", "early"], engine.Output(Catch));
    }

    [Fact]
    public void A_cancellation_without_a_stop_is_an_error_like_others()
    {
        using var engine = new Engine((_, _) => throw new TaskCanceledException("timed out"));
        Assert.Equal(["TaskCanceledException", "timed out"], engine.Output(Catch));
    }

    [Fact]
    public void A_derived_class_can_say_which_error_it_is()
    {
        using var engine = new Engine((_, _) => throw new InvalidDataException("broken"));
        var output = engine.Output("try { 'in' | Invoke-TestWork $work -MapErrors } catch { $_.FullyQualifiedErrorId; $_.TargetObject; $_.Exception.Message }");
        Assert.Equal(["TestWorkFailed,OciSync.Bridge.Tests.InvokeTestWorkCommand", "in", "broken"], output);
    }
}
