namespace OciSync.Core.Yaml;

/// <summary>A sync file that can't be read any further.</summary>
internal sealed class SyncFileException(SyncFileMistake mistake) : Exception(mistake.ToString())
{
    internal SyncFileMistake Mistake { get; } = mistake;
}
