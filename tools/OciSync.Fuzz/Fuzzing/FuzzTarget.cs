using CsCheck;

namespace OciSync.Fuzzing;

/// <summary>A parser to be tried: its name, what it is given, and a call that fails on any exception but the documented one.</summary>
internal sealed record FuzzTarget(string Name, Gen<byte[]> Input, Action<byte[]> Try)
{
    /// <summary>How many bytes may be allocated whatever the input is.</summary>
    internal long FreeBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How many bytes may be allocated for a byte of input, beside what is always free.</summary>
    internal int BytesPerByte { get; init; } = 400;
}
