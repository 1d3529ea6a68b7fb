using System.Management.Automation;

namespace OciSync.EngineHost.Pester.Should;

/// <summary>What <c>Should -Throw</c> expects of an error; message and id are wildcards.</summary>
internal sealed record ThrowExpectation(string? Message, string? ErrorId, Type? ExceptionType)
{
    /// <summary>What is wrong with <paramref name="error"/>, or null.</summary>
    public string? Problem(ErrorRecord? error, string reason)
    {
        var but = error is null ? "no exception was thrown"
            : ExceptionType is not null && !ExceptionType.IsInstanceOfType(error.Exception)
                ? $"the exception type was [{error.Exception.GetType()}]"
            : !Matches(Message, error.Exception.Message) ? $"the message was '{error.Exception.Message}'"
            : !Matches(ErrorId, error.FullyQualifiedErrorId) ? $"the FullyQualifiedErrorId was '{error.FullyQualifiedErrorId}'"
            : null;
        return but is null ? null : $"Expected an exception{Wanted()} to be thrown{reason}, but {but}.";
    }

    private static bool Matches(string? pattern, string actual) =>
        string.IsNullOrWhiteSpace(pattern) || new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(actual);

    private string Wanted()
    {
        string?[] parts =
        [
            ExceptionType is null ? null : $"type [{ExceptionType}]",
            string.IsNullOrWhiteSpace(Message) ? null : $"message like '{Message}'",
            string.IsNullOrWhiteSpace(ErrorId) ? null : $"FullyQualifiedErrorId like '{ErrorId}'",
        ];
        var wanted = string.Join(" and ", parts.Where(static part => part is not null));
        return wanted.Length == 0 ? string.Empty : " with " + wanted;
    }
}
