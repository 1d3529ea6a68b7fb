using System.Reflection;
using OciSync.Core.Errors;
using OciSync.Core.Flow;

namespace OciSync.Core.Tests.Errors;

public sealed class OciExceptionTests
{
    private static readonly PropertyInfo[] Properties = [.. typeof(OciException)
        .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        .Append(typeof(Exception).GetProperty(nameof(Exception.Message))!)
        .Append(typeof(Exception).GetProperty(nameof(Exception.InnerException))!)];

    private static readonly OciException Full = new(OciErrorKind.RateLimited, "No more pulls.", new IOException("broke"))
    {
        StatusCode = 429,
        Codes = ["TOOMANYREQUESTS"],
        RetryAfter = TimeSpan.FromSeconds(7),
        IsTransient = true,
        NoAnswerFrom = "registry.test",
        IsReadOnly = true,
        IsOfProxy = true,
    };

    [Fact]
    public void What_is_not_given_stays_as_it_is()
    {
        Assert.Equal(Values(Full), Values(Full.With()));
        Assert.All(Properties, p => Assert.NotEqual(p.PropertyType.IsValueType ? Activator.CreateInstance(p.PropertyType) : null, p.GetValue(Full)));
    }

    [Fact]
    public void What_is_given_is_said_anew_and_of_nothing_else()
    {
        Assert.Equal([nameof(OciException.Kind), nameof(OciException.ErrorId)], Differences(Full.With(OciErrorKind.Forbidden)));
        Assert.Equal([nameof(Exception.Message)], Differences(Full.With(message: "Other words.")));
        Assert.Equal([nameof(Exception.InnerException)], Differences(Full.With(inner: Full)));
        Assert.Equal([nameof(OciException.IsTransient)], Differences(Full.With(isTransient: false)));
        Assert.Equal([nameof(OciException.RetryAfter)], Differences(Full.With(retryAfter: TimeSpan.Zero)));
        Assert.Equal([nameof(OciException.NoAnswerFrom)], Differences(Full.With(noAnswerFrom: "other.test")));
    }

    [Fact]
    public void A_failure_can_not_be_changed_once_it_is_made()
    {
        Assert.All(
            Properties.Select(p => p.SetMethod).OfType<MethodInfo>(),
            setter => Assert.Contains(setter.ReturnParameter.GetRequiredCustomModifiers(), m => m.Name == "IsExternalInit"));
    }

    [Fact]
    public async Task A_failure_that_others_share_is_not_changed_by_who_gives_up()
    {
        var shared = new OciException(OciErrorKind.Timeout, "Nothing came.") { IsTransient = true, StatusCode = 504 };
        var policy = new RetryPolicy(new EngineOptions { MaximumRetryCount = 0 }, _ => { });

        var caught = await Assert.ThrowsAsync<OciException>(
            () => policy.RunAsync<int>(_ => throw shared, WorkScope.Uncounted(TestContext.Current.CancellationToken)));

        Assert.False(caught.IsTransient);
        Assert.Equal(504, caught.StatusCode);
        Assert.True(shared.IsTransient);
    }

    private static List<object?> Values(OciException e) => [.. Properties.Select(p => p.GetValue(e))];

    private static IEnumerable<string> Differences(OciException other) =>
        Properties.Where(p => !Equals(p.GetValue(Full), p.GetValue(other))).Select(p => p.Name);
}
