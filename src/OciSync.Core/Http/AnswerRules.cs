using System.Globalization;

namespace OciSync.Core.Http;

/// <summary>
/// The one table of what answers mean: which are believed, which are looked at in another way, which are repeated, and which end the matter.
/// The page <c>docs/reliability.md</c> has the same table, and a test compares the two. An answer of 401 is met before (a token, once).
/// </summary>
internal static class AnswerRules
{
    private static readonly int[] Stored = [200, 201, 202, 204];

    // What proxies and registries say to a HEAD that they don't pass on or don't know.
    private static readonly int[] HeadRefused = [400, 403, 404, 405, 410, 415, 501];

    private static readonly AnswerRule[] Table =
    [
        // The scheme and the challenge are learnt from whatever comes: what can't be had shows at the first real request.
        new(Question.Reach, 200),
        new(Question.Token, [200], [404, 405], [], "the other form of the token request (GET or POST)"),
        new(Question.TagList, 200),
        new(Question.Catalogue, 200),
        new(Question.ReferrerList, [200], [400, 404, 405, 501], [], "the index under the digest's tag"),
        new(Question.SignatureRead, 200, 404),
        new(Question.SignatureList, 200),
        new(Question.ManifestHead, [200], HeadRefused, [], "GET, whose word counts; also after 200 without a digest"),
        new(Question.ManifestRead, 200, 404),
        new(Question.ManifestWrite, Stored, [], [], string.Empty),
        new(Question.ManifestDelete, [200, 202, 204, 404], [400, 405, 501], [], "deletion by digest"),
        new(Question.DeleteProbe, 200, 202, 204, 400, 404, 405, 501),
        new(Question.BlobHead, [200, 404], [400, 403, 405, 410, 415, 501], [], "GET of the first byte"),
        new(Question.BlobProbe, 200, 206, 404, 416, 500),
        new(Question.BlobRead, [200, 206], [416], [], "GET of the whole blob"),
        new(Question.Mount, [201], [202, 400, 403, 404, 405, 409, 412, 413, 415, 416, 422, 501], [], "an upload"),
        new(Question.UploadBegin, 201, 202),
        new(Question.UploadStatus, [200, 204], [400, 404, 405, 409, 410, 412, 416, 422, 501], [], "a new upload, at once"),

        // A session that is gone (404), or stands elsewhere than we think (416): the blob's next attempt asks, or begins anew.
        new(Question.UploadPart, Stored, [], [404, 416], string.Empty),
        new(Question.UploadEnd, Stored, [], [404, 416], string.Empty),
        new(Question.UploadCancel, 200, 202, 204),
    ];

    // By the number of the question.
    private static readonly AnswerRule[] Rules = ByQuestion();

    /// <summary>The rows, in the order of the questions.</summary>
    internal static IReadOnlyList<AnswerRule> Rows => Table;

    /// <summary>What a status means as the answer to a question.</summary>
    internal static AnswerMeaning Of(Question question, int status)
    {
        var rule = Rules[(int)question];
        return rule.Believed.Contains(status) ? AnswerMeaning.Believed
            : rule.OtherWay.Contains(status) ? AnswerMeaning.OtherWay
            : rule.Repeated.Contains(status) || IsPassing(status) ? AnswerMeaning.Repeated
            : AnswerMeaning.End;
    }

    /// <summary>The caller sees the answer itself, as it knows what to make of it.</summary>
    internal static bool IsAnswer(Question question, int status) => Of(question, status) is AnswerMeaning.Believed or AnswerMeaning.OtherWay;

    /// <summary>A row as it stands in the documentation.</summary>
    internal static string Describe(AnswerRule rule) =>
        $"| {rule.Question} | {List(rule.Believed)} | {List(rule.OtherWay)}{(rule.Way.Length == 0 ? string.Empty : ": " + rule.Way)} | {List(rule.Repeated)} |";

    // Too early, too much, too ill; and a good status that isn't the one due here, which is a page of something on the way.
    // What a server doesn't implement (501), or not in this version of HTTP (505), it doesn't in half a minute either.
    private static bool IsPassing(int status) => status is 408 or 425 or 429 or (>= 200 and < 300) or (>= 500 and not (501 or 505));

    private static AnswerRule[] ByQuestion()
    {
        var rules = new AnswerRule[Table.Length];
        foreach (var rule in Table)
        {
            rules[(int)rule.Question] = rule;
        }

        return rules;
    }

    private static string List(int[] statuses) => string.Join(", ", statuses.Select(s => s.ToString(CultureInfo.InvariantCulture)));
}
