namespace OciSync.Core.Distribution;

/// <summary>What is asked for is not served on purpose, and no failure: a rule of this server says so.</summary>
/// <param name="status">The status code of the answer.</param>
/// <param name="code">One of the codes of distribution-spec 1.1, "Error Codes".</param>
/// <param name="message">For the client; it names no file.</param>
/// <param name="reason">The same for the log, where it may say more.</param>
internal sealed class NotServedException(int status, string code, string message, string? reason = null) : Exception(reason ?? message)
{
    /// <summary>The answer that the client gets.</summary>
    internal ClientAnswer ToAnswer() => AnswerMaker.CreateError(status, code, message, Message);
}
