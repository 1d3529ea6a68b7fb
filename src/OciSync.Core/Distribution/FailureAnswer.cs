using System.Globalization;
using OciSync.Core.Errors;

namespace OciSync.Core.Distribution;

/// <summary>
/// Failures as clients get them (a pure function). They tell by the status whether it is worth to ask again here, or better somewhere else; what exactly
/// failed is for the log.
/// </summary>
internal static class FailureAnswer
{
    internal static ClientAnswer Of(OciException failure)
    {
        var (status, code, message) = failure.Kind switch
        {
            OciErrorKind.RateLimited => (429, "TOOMANYREQUESTS", "There are too many requests at present."),
            OciErrorKind.Unauthorized or OciErrorKind.Forbidden => (403, "DENIED", "The registry that this server asks doesn't let it read this."),
            OciErrorKind.Timeout => (504, "UNKNOWN", "The registry that this server asks doesn't answer; the log of the server says more."),
            OciErrorKind.ConnectionFailed or OciErrorKind.CertificateUntrusted or OciErrorKind.ClientCertificateRefused or OciErrorKind.PlainHttp
                or OciErrorKind.ProxyUnauthorized or OciErrorKind.ServerError or OciErrorKind.ProtocolError =>
                (502, "UNKNOWN", "The registry that this server asks has no answer of use; the log of the server says why."),
            _ => (500, "UNKNOWN", "What is asked for can't be read; the log of the server says why."),
        };
        var answer = AnswerMaker.CreateError(status, code, message, failure.Message);
        return status == 429 && failure.RetryAfter is { } wait
            ? answer.With("Retry-After", Math.Ceiling(Math.Max(1, wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture))
            : answer;
    }
}
