#if NET8_0_OR_GREATER
namespace Microsoft.CodeAnalysis;

/// <summary>Tells the compiler that a type is meant for this assembly alone, also where another one may see its internal types.</summary>
[Embedded]
[AttributeUsage(AttributeTargets.All)]
internal sealed class EmbeddedAttribute : Attribute
{
}
#endif
