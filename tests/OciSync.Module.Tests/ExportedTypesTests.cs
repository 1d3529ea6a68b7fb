using System.Reflection;
using System.Reflection.Metadata;

namespace OciSync.Module.Tests;

/// <summary>
/// PowerShell enumerates the exported types of OciSync.PowerShell before the module initializer has run: to load them,
/// nothing but PowerShell and the framework may be needed.
/// </summary>
public sealed class ExportedTypesTests
{
    [Theory]
    [InlineData(Paths.Net8)]
    [InlineData(Paths.NetStandard)]
    public void No_exported_cmdlet_type_needs_Core_or_a_package_to_be_loaded(string folder)
    {
        var assembly = new AssemblyFile(Paths.InModule(folder, "OciSync.PowerShell.dll"));
        var faults = assembly.ExportedTypes().SelectMany(type => Needed(assembly.Reader, type)).Distinct();
        Faults.None(faults);
    }

    [Theory]
    [InlineData(Paths.Net8 + "/deps", "Polly", "Tomlyn", "YamlDotNet", "System.Text.Json")]
    [InlineData(Paths.NetStandard, "Polly", "Tomlyn", "YamlDotNet", "System.Text.Json")]
    public void Core_shows_no_type_of_a_package(string folder, params string[] packages)
    {
        var assembly = new AssemblyFile(Paths.InModule(folder, "OciSync.Core.dll"));
        var faults = new SortedSet<string>();
        foreach (var type in assembly.ExportedTypes())
        {
            var where = assembly.Reader.GetString(type.Name);
            var names = new SignatureNames((reader, handle, _) =>
            {
                var from = SignatureNames.AssemblyOf(reader, handle) ?? string.Empty;
                if (packages.Any(package => from == package || from.StartsWith(package + ".", StringComparison.Ordinal)))
                {
                    faults.Add($"{where}: {SignatureNames.Name(reader, handle)}");
                }
            });
            ReadPublicSurface(assembly.Reader, type, names);
        }

        Faults.None(faults);
    }

    private static List<string> Needed(MetadataReader reader, TypeDefinition type)
    {
        var faults = new List<string>();
        var where = reader.GetString(type.Name);
        var anywhere = new SignatureNames((owner, handle, _) => Note(owner, handle, "inherits"));
        var layout = new SignatureNames((owner, handle, isValueType) =>
        {
            if (isValueType)
            {
                Note(owner, handle, "holds");
            }
        });
        Visit(reader, type.BaseType, anywhere);
        foreach (var handle in type.GetInterfaceImplementations())
        {
            Visit(reader, reader.GetInterfaceImplementation(handle).Interface, anywhere);
        }

        foreach (var field in type.GetFields().Select(reader.GetFieldDefinition))
        {
            field.DecodeSignature(layout, null);
        }

        return faults;

        void Note(MetadataReader owner, TypeReferenceHandle handle, string verb)
        {
            if (IsForeign(SignatureNames.AssemblyOf(owner, handle)))
            {
                faults.Add($"{where} {verb} {SignatureNames.Name(owner, handle)}");
            }
        }
    }

    private static bool IsForeign(string? assembly) => assembly is not (null or "netstandard" or "System.Management.Automation")
        && (!assembly.StartsWith("System.", StringComparison.Ordinal) || File.Exists(Paths.InModule(Paths.NetStandard, assembly + ".dll")));

    private static void Visit(MetadataReader reader, EntityHandle type, SignatureNames names)
    {
        switch (type.Kind)
        {
            case HandleKind.TypeReference when !type.IsNil:
                names.GetTypeFromReference(reader, (TypeReferenceHandle)type, 0);
                break;
            case HandleKind.TypeSpecification:
                names.GetTypeFromSpecification(reader, null, (TypeSpecificationHandle)type, 0);
                break;
            default:
                break;
        }
    }

    private static void ReadPublicSurface(MetadataReader reader, TypeDefinition type, SignatureNames names)
    {
        Visit(reader, type.BaseType, names);
        foreach (var handle in type.GetInterfaceImplementations())
        {
            Visit(reader, reader.GetInterfaceImplementation(handle).Interface, names);
        }

        foreach (var method in type.GetMethods().Select(reader.GetMethodDefinition).Where(method => IsVisible(method.Attributes)))
        {
            method.DecodeSignature(names, null);
        }

        var fields = type.GetFields().Select(reader.GetFieldDefinition);
        foreach (var field in fields.Where(field => IsVisible((MethodAttributes)field.Attributes)))
        {
            field.DecodeSignature(names, null);
        }

        foreach (var constraint in Constraints(reader, type.GetGenericParameters()))
        {
            Visit(reader, constraint, names);
        }
    }

    private static IEnumerable<EntityHandle> Constraints(MetadataReader reader, GenericParameterHandleCollection parameters) =>
        parameters.SelectMany(parameter => reader.GetGenericParameter(parameter).GetConstraints())
            .Select(constraint => reader.GetGenericParameterConstraint(constraint).Type);

    // Field and method access share their bits.
    private static bool IsVisible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask)
            is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;
}
