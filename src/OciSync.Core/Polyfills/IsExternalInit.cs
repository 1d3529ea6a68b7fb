#if !NET
using System.ComponentModel;

namespace System.Runtime.CompilerServices;

/// <summary>What <c>init</c> is compiled to. A library shows its own to all; with that one this build would not run on newer platforms.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
internal static class IsExternalInit;
#endif
