namespace OciSync.Module.Tests.LongRuns;

/// <summary>What a process holds at a moment.</summary>
/// <param name="Megabytes">Memory.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Handles">Open files and connections.</param>
/// <param name="Sockets">Connections among them.</param>
internal sealed record ProcessSample(int Megabytes, int Threads, int Handles, int Sockets);
