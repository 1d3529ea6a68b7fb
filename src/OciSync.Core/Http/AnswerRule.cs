namespace OciSync.Core.Http;

/// <summary>One row of <see cref="AnswerRules"/>: the statuses that are special to a question. All others are as for every question.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Believed">Answers.</param>
/// <param name="OtherWay">What is then looked at in another way.</param>
/// <param name="Repeated">Tried again here, although it is the end elsewhere.</param>
/// <param name="Way">The other way, in words for the documentation; empty where there is none.</param>
internal sealed record AnswerRule(Question Question, int[] Believed, int[] OtherWay, int[] Repeated, string Way)
{
    internal AnswerRule(Question question, params int[] believed)
        : this(question, believed, [], [], string.Empty)
    {
    }
}
