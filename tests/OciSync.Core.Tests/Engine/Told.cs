namespace OciSync.Core.Tests.Engine;

/// <summary>What the engine says, from any thread.</summary>
internal static class Told
{
    internal static void AddLocked(this List<string> told, string text)
    {
        lock (told)
        {
            told.Add(text);
        }
    }

    internal static bool AnyLocked(this List<string> told, Func<string, bool> condition)
    {
        lock (told)
        {
            return told.Any(condition);
        }
    }
}
