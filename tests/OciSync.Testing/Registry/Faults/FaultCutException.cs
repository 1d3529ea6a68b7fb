namespace OciSync.Testing.Registry.Faults;

/// <summary>Unwinds a request whose connection a fault ends.</summary>
internal sealed class FaultCutException() : IOException("A scripted fault ended the connection.");
