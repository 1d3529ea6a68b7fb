using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.References;
using OciSync.Core.Removing;
using OciSync.Core.Tests.Engine;

namespace OciSync.Core.Tests.Removing;

/// <summary>Removals as Remove-OciImage makes them, and what was asked.</summary>
internal sealed class Removal
{
    internal List<RemovalQuestion> Questions { get; } = [];

    internal List<string> Warnings { get; } = [];

    /// <summary>The answer to a question; yes by default.</summary>
    internal Func<RemovalQuestion, bool> Answer { get; init; } = _ => true;

    internal async Task<OciRemovedImage?> RunAsync(string reference, bool isReadOnly = false, RegistrySessions? sessions = null, EngineOptions? options = null)
    {
        using var engine = Run.Engine(options, sessions, new EngineEvents { Warning = Warnings.AddLocked }, TestContext.Current.CancellationToken);
        return await engine.RemoveAsync(
            ImageLocation.Parse(reference),
            isReadOnly,
            question =>
            {
                Questions.Add(question);
                return Task.FromResult(Answer(question));
            },
            TestContext.Current.CancellationToken);
    }
}
