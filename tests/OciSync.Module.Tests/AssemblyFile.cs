using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace OciSync.Module.Tests;

/// <summary>The metadata of an assembly file, read without loading it.</summary>
internal sealed class AssemblyFile
{
    internal AssemblyFile(string path)
    {
        Path = path;
        var image = new PEReader(new MemoryStream(File.ReadAllBytes(path)));
        Reader = image.GetMetadataReader();
        Name = Reader.GetAssemblyDefinition().GetAssemblyName();
    }

    internal string Path { get; }

    internal AssemblyName Name { get; }

    internal MetadataReader Reader { get; }

    internal IEnumerable<AssemblyName> References =>
        Reader.AssemblyReferences.Select(handle => Reader.GetAssemblyReference(handle).GetAssemblyName());

    public override string ToString() => System.IO.Path.GetRelativePath(Paths.Module, Path);

    /// <summary>False for native files and such.</summary>
    internal static bool IsManaged(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        return image.HasMetadata && image.GetMetadataReader().IsAssembly;
    }

    /// <summary>Types that other assemblies can see.</summary>
    internal IEnumerable<TypeDefinition> ExportedTypes() =>
        Reader.TypeDefinitions.Select(Reader.GetTypeDefinition).Where(IsExported);

    private bool IsExported(TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem =>
            IsExported(Reader.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };
}
