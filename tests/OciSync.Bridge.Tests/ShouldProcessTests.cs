namespace OciSync.Bridge.Tests;

public sealed class ShouldProcessTests
{
    [Theory]
    [InlineData("Invoke-TestWork $work", true)]
    [InlineData("Invoke-TestWork $work -Confirm:$false", true)]
    [InlineData("Invoke-TestWork $work -WhatIf", false)]
    public void The_answer_comes_back_to_the_work(string script, bool expected)
    {
        using var engine = new Engine(async (writer, _) => await writer.WriteObjectAsync(await writer.ShouldProcessAsync("target", "action")));
        Assert.Equal([expected], engine.Output(script));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" -WhatIf", false)]
    public void Whole_sentences_can_be_used_too(string preference, bool expected)
    {
        using var engine = new Engine(async (writer, _) =>
            await writer.WriteObjectAsync(await writer.ShouldProcessAsync("Copies a to b", "Copy a to b?", "OciSync")));
        Assert.Equal([expected], engine.Output("Invoke-TestWork $work" + preference));
    }

    [Fact]
    public void Many_questions_at_once_are_answered_one_by_one()
    {
        using var engine = new Engine(async (writer, _) =>
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => writer.ShouldProcessAsync("t" + i, "action")));
            await writer.WriteObjectAsync(answers.Count(answer => answer));
        });
        Assert.Equal([100], engine.Output("Invoke-TestWork $work"));
    }

    [Fact]
    public void A_host_that_cannot_prompt_ends_the_command_with_its_own_error()
    {
        using var engine = new Engine(async (writer, _) => await writer.WriteObjectAsync(await writer.ShouldContinueAsync("Sure?", "Caption")));
        var output = engine.Output("try { Invoke-TestWork $work } catch { 'refused' }");
        Assert.Equal(["refused"], output);
    }
}
