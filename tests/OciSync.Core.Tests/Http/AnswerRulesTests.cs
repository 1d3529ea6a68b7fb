using OciSync.Core.Http;

namespace OciSync.Core.Tests.Http;

public sealed class AnswerRulesTests
{
    [Fact]
    public void Every_question_has_a_row_and_the_page_has_the_same()
    {
        using var reader = new StreamReader(typeof(AnswerRulesTests).Assembly.GetManifestResourceStream("reliability-page")!);
        var page = reader.ReadToEnd();

        Assert.Equal(Enum.GetValues<Question>(), AnswerRules.Rows.Select(r => r.Question).Order());
        Assert.All(AnswerRules.Rows, r => Assert.Contains("\n" + AnswerRules.Describe(r) + "\n", page, StringComparison.Ordinal));
    }

    [Fact]
    public void No_status_has_two_meanings_in_a_row_and_a_refused_login_is_never_an_answer()
    {
        Assert.All(AnswerRules.Rows, r =>
        {
            int[] all = [.. r.Believed, .. r.OtherWay, .. r.Repeated];
            Assert.Equal(all.Distinct(), all);
            Assert.DoesNotContain(401, all);
            Assert.DoesNotContain(429, all);
            Assert.Equal(r.OtherWay.Length > 0, r.Way.Length > 0);
        });
    }

    [Theory]
    [InlineData(nameof(Question.ManifestHead), 404, nameof(AnswerMeaning.OtherWay))]
    [InlineData(nameof(Question.ManifestRead), 404, nameof(AnswerMeaning.Believed))]
    [InlineData(nameof(Question.UploadStatus), 404, nameof(AnswerMeaning.OtherWay))]
    [InlineData(nameof(Question.UploadPart), 404, nameof(AnswerMeaning.Repeated))]
    [InlineData(nameof(Question.TagList), 404, nameof(AnswerMeaning.End))]
    [InlineData(nameof(Question.TagList), 202, nameof(AnswerMeaning.Repeated))]
    [InlineData(nameof(Question.TagList), 503, nameof(AnswerMeaning.Repeated))]
    [InlineData(nameof(Question.TagList), 501, nameof(AnswerMeaning.End))]
    [InlineData(nameof(Question.TagList), 425, nameof(AnswerMeaning.Repeated))]
    [InlineData(nameof(Question.BlobHead), 405, nameof(AnswerMeaning.OtherWay))]
    public void Meanings(string question, int status, string meaning) =>
        Assert.Equal(meaning, AnswerRules.Of(Enum.Parse<Question>(question), status).ToString());
}
