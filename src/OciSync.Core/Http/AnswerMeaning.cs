namespace OciSync.Core.Http;

/// <summary>What the status of an answer means for the question it answers.</summary>
internal enum AnswerMeaning
{
    /// <summary>It is believed: what was asked for, or a plain no.</summary>
    Believed,

    /// <summary>It doesn't settle the question, which is asked in another way, at once and without an attempt being spent.</summary>
    OtherWay,

    /// <summary>It passes: the same is tried again, after a wait.</summary>
    Repeated,

    /// <summary>It is the end; no further attempt mends it.</summary>
    End,
}
