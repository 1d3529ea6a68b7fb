using System.Reflection.Metadata;

namespace OciSync.Module.Tests;

/// <summary>Whether the types and members that an assembly uses are where it runs.</summary>
/// <param name="known">What is there.</param>
internal sealed class MemberLookup(AssemblySet known)
{
    /// <summary>The types that a file uses and that are not there.</summary>
    internal IEnumerable<string> MissingTypes(string path)
    {
        var reader = new AssemblyFile(path).Reader;
        Assert.NotEmpty(reader.TypeReferences);
        return reader.TypeReferences
            .Where(handle => known.Find(SignatureNames.AssemblyOf(reader, handle), SignatureNames.Name(reader, handle)) is null)
            .Select(handle => SignatureNames.Name(reader, handle));
    }

    /// <summary>The methods and fields that a file uses and that are not there.</summary>
    internal IEnumerable<string> MissingMembers(string path)
    {
        var reader = new AssemblyFile(path).Reader;
        return reader.MemberReferences.Select(reader.GetMemberReference).Select(member => Missing(reader, member)).OfType<string>();
    }

    private string? Missing(MetadataReader reader, MemberReference member)
    {
        if (TypeOf(reader, member.Parent) is not { } parent)
        {
            return null;
        }

        var name = reader.GetString(member.Name);
        var signature = member.GetKind() == MemberReferenceKind.Method
            ? SignatureNames.Text(member.DecodeMethodSignature(new SignatureNames(), null))
            : member.DecodeFieldSignature(new SignatureNames(), null);
        var found = known.Find(parent.Assembly, parent.Type) is { } type && HasMember(type, name, signature);
        return found ? null : $"{parent.Type}.{name}: {signature}";
    }

    // Generic instances are looked up as their definitions; arrays and our own generics have no reference to look up.
    private static (string? Assembly, string Type)? TypeOf(MetadataReader reader, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeReference)
        {
            var handle = (TypeReferenceHandle)parent;
            return (SignatureNames.AssemblyOf(reader, handle), SignatureNames.Name(reader, handle));
        }

        if (parent.Kind != HandleKind.TypeSpecification)
        {
            return null;
        }

        var blob = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return null;
        }

        blob.ReadCompressedInteger();
        return blob.ReadTypeHandle() is { Kind: HandleKind.TypeReference } definition ? TypeOf(reader, definition) : null;
    }

    internal bool HasMember((MetadataReader Reader, TypeDefinition Type) place, string name, string signature)
    {
        var (reader, type) = place;
        var names = new SignatureNames();
        var found = type.GetMethods().Select(reader.GetMethodDefinition)
                .Where(method => reader.StringComparer.Equals(method.Name, name))
                .Any(method => SignatureNames.Text(method.DecodeSignature(names, null)) == signature)
            || type.GetFields().Select(reader.GetFieldDefinition)
                .Any(field => reader.StringComparer.Equals(field.Name, name) && field.DecodeSignature(names, null) == signature);
        return found || BasesOf(reader, type).Any(parent => HasMember(parent, name, signature));
    }

    private IEnumerable<(MetadataReader Reader, TypeDefinition Type)> BasesOf(MetadataReader reader, TypeDefinition type)
    {
        var parents = type.GetInterfaceImplementations()
            .Select(handle => reader.GetInterfaceImplementation(handle).Interface)
            .Prepend(type.BaseType);
        foreach (var parent in parents.Where(parent => !parent.IsNil))
        {
            if (parent.Kind == HandleKind.TypeDefinition)
            {
                yield return (reader, reader.GetTypeDefinition((TypeDefinitionHandle)parent));
            }
            else if (TypeOf(reader, parent) is { } name && known.Find(name.Assembly, name.Type) is { } found)
            {
                yield return found;
            }
        }
    }
}
