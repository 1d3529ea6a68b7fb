using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Utility;

/// <summary>What an error written by message alone carries.</summary>
public sealed class WriteErrorException(string? message) : RuntimeException(message);
