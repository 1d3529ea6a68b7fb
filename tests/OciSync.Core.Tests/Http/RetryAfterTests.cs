using System.Net;
using System.Net.Http;
using OciSync.Core.Errors;
using OciSync.Core.Http;

namespace OciSync.Core.Tests.Http;

/// <summary>What <c>Retry-After</c> may say, and what a failure makes of it.</summary>
public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("7", null, 7.0)]
    [InlineData("Sat, 28 Nov 2026 12:01:00 GMT", null, 60.0)]
    [InlineData("Sat, 28 Nov 2026 12:01:00 GMT", "Sat, 28 Nov 2026 12:00:50 GMT", 10.0)]
    [InlineData("Sat, 28 Nov 2026 11:00:00 GMT", null, 0.0)]
    [InlineData("soon", null, null)]
    public void Seconds_or_a_date_by_the_clock_that_wrote_it(string value, string? date, double? seconds)
    {
        using var answer = Answer(value, date);
        Assert.Equal(seconds, RetryAfter.Read(answer)?.TotalSeconds);
    }

    [Theory]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", null)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", "Sat, 28 Nov 2026 11:59:00 GMT")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT")]
    [InlineData("2147483647", null)]
    public void The_end_of_time_is_a_wait_like_any_other(string value, string? date)
    {
        using var answer = Answer(value, date);
        var failure = RegistryFailure.From(answer, [], new RequestContext(Question.TagList, "r.test", "a", null));
        Assert.Equal(OciErrorKind.RateLimited, failure.Kind);
        Assert.Contains("It asks to come back at 2027-11-28", failure.Message, StringComparison.Ordinal);
    }

    private static HttpAnswer Answer(string value, string? date)
    {
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("Retry-After", value);
        if (date is not null)
        {
            response.Headers.TryAddWithoutValidation("Date", date);
        }

        var watch = new StallWatch(TimeProvider.System, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        return new HttpAnswer(response, new Uri("https://r.test/"), watch, "r.test") { Received = _now };
    }
}
