using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace OciSync.Module.Tests;

/// <summary>
/// Writes types of signatures as text without their assemblies, so that two assemblies can be compared.
/// </summary>
/// <param name="onReference">Told each type that comes from elsewhere, and whether it is known to be a value type.</param>
internal sealed class SignatureNames(Action<MetadataReader, TypeReferenceHandle, bool>? onReference = null)
    : ISignatureTypeProvider<string, object?>
{
    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeDefinition(handle);
        return type.IsNested
            ? GetTypeFromDefinition(reader, type.GetDeclaringType(), rawTypeKind) + "+" + reader.GetString(type.Name)
            : Canonical(reader.GetString(type.Namespace), reader.GetString(type.Name));
    }

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var isValueType = rawTypeKind == (byte)SignatureTypeKind.ValueType;
        onReference?.Invoke(reader, handle, isValueType);
        return Name(reader, handle);
    }

    public string GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[" + shape.Rank + "]";

    public string GetByReferenceType(string elementType) => elementType + "&";

    public string GetPointerType(string elementType) => elementType + "*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
        genericType + "<" + string.Join(",", typeArguments) + ">";

    public string GetGenericTypeParameter(object? genericContext, int index) => "!" + index;

    public string GetGenericMethodParameter(object? genericContext, int index) => "!!" + index;

    public string GetFunctionPointerType(MethodSignature<string> signature) => "fn" + Text(signature);

    internal static string Text(MethodSignature<string> signature)
    {
        var kind = signature.Header.IsInstance ? "instance " : string.Empty;
        return $"{kind}{signature.ReturnType} `{signature.GenericParameterCount}({string.Join(",", signature.ParameterTypes)})";
    }

    internal static string Name(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? Name(reader, (TypeReferenceHandle)type.ResolutionScope) + "+" + reader.GetString(type.Name)
            : Canonical(reader.GetString(type.Namespace), reader.GetString(type.Name));
    }

    /// <summary>The simple name of the assembly a type reference points to; null inside its own module.</summary>
    internal static string? AssemblyOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => AssemblyOf(reader, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
            _ => null,
        };
    }

    // A core library names its own primitives by definition, everybody else by element type.
    internal static string Canonical(string space, string name) =>
        space == "System" && Enum.TryParse<PrimitiveTypeCode>(name, out _) ? name : space + "." + name;
}
