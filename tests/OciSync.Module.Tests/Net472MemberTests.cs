using System.Reflection.Metadata;

namespace OciSync.Module.Tests;

/// <summary>
/// The netstandard2.0 build runs on the .NET Framework 4.7.2, which no test machine but Windows has: each type and member it
/// uses is looked up in that framework's reference assemblies and the shipped files.
/// </summary>
public sealed class Net472MemberTests
{
    private static readonly AssemblySet Known = new(
        Paths.InModule(Paths.NetStandard),
        Paths.Get("Net472"),
        Path.Combine(Paths.Get("Net472"), "Facades"),
        Paths.Get("PowerShellStandard"));

    [Theory]
    [InlineData("OciSync.Core.dll")]
    [InlineData("OciSync.PowerShell.dll")]
    public void Types_exist(string file)
    {
        var reader = new AssemblyFile(Paths.InModule(Paths.NetStandard, file)).Reader;
        var missing = reader.TypeReferences
            .Where(handle => Known.Find(SignatureNames.AssemblyOf(reader, handle), SignatureNames.Name(reader, handle)) is null)
            .Select(handle => SignatureNames.Name(reader, handle));
        Assert.NotEmpty(reader.TypeReferences);
        Faults.None(missing);
    }

    [Theory]
    [InlineData("OciSync.Core.dll")]
    [InlineData("OciSync.PowerShell.dll")]
    public void Members_exist(string file)
    {
        var reader = new AssemblyFile(Paths.InModule(Paths.NetStandard, file)).Reader;
        var missing = reader.MemberReferences.Select(reader.GetMemberReference)
            .Select(member => Missing(reader, member))
            .OfType<string>();
        Faults.None(missing);
    }

    [Fact]
    public void A_member_that_came_later_would_be_found_out()
    {
        Assert.NotNull(Known.Find("netstandard", "String"));
        Assert.True(HasMember(Known.Find("netstandard", "String")!.Value, "Contains", "instance Boolean `0(String)"));
        Assert.False(HasMember(Known.Find("netstandard", "String")!.Value, "Contains", "instance Boolean `0(Char)"));
        Assert.Null(Known.Find("netstandard", "System.HashCode"));
    }

    private static string? Missing(MetadataReader reader, MemberReference member)
    {
        if (TypeOf(reader, member.Parent) is not { } parent)
        {
            return null;
        }

        var name = reader.GetString(member.Name);
        var signature = member.GetKind() == MemberReferenceKind.Method
            ? SignatureNames.Text(member.DecodeMethodSignature(new SignatureNames(), null))
            : member.DecodeFieldSignature(new SignatureNames(), null);
        var found = Known.Find(parent.Assembly, parent.Type) is { } type && HasMember(type, name, signature);
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

    private static bool HasMember((MetadataReader Reader, TypeDefinition Type) place, string name, string signature)
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

    private static IEnumerable<(MetadataReader Reader, TypeDefinition Type)> BasesOf(MetadataReader reader, TypeDefinition type)
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
            else if (TypeOf(reader, parent) is { } name && Known.Find(name.Assembly, name.Type) is { } found)
            {
                yield return found;
            }
        }
    }
}
