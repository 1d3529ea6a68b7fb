using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Reliability;

/// <summary>One cell of the table: a fault that strikes one kind of request, once or always.</summary>
/// <param name="Fault">The row.</param>
/// <param name="Kind">The column.</param>
/// <param name="Action">What happens.</param>
/// <param name="Times">How often.</param>
/// <param name="MustMend">The image has to arrive all the same.</param>
public sealed record FaultCase(string Fault, RequestKind Kind, FaultAction Action, int Times, bool MustMend)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Fault}, {(Times == 1 ? "once" : "always")}, at {Kind}";
}
