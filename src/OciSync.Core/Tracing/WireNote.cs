using OciSync.Core.AuthFiles;

namespace OciSync.Core.Tracing;

/// <summary>What is known of a request beside its bytes.</summary>
/// <param name="Attempt">Which attempt at the same it is, from 1 on.</param>
/// <param name="Login">The login it is for, in whatever form that is sent: an answer that repeats it doesn't show it. Null for none.</param>
internal sealed record WireNote(int Attempt, RegistryCredential? Login)
{
    internal static readonly WireNote First = new(1, null);
}
