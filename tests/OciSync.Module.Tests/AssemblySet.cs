using System.Reflection.Metadata;

namespace OciSync.Module.Tests;

/// <summary>Assemblies by simple name, and the types in them, through forwarders.</summary>
internal sealed class AssemblySet
{
    private readonly Dictionary<string, AssemblyFile> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<AssemblyFile, Dictionary<string, TypeDefinitionHandle>> _types = [];

    /// <summary>Of folders and single files; earlier ones win.</summary>
    internal AssemblySet(params string[] places)
    {
        foreach (var path in places.SelectMany(place => File.Exists(place) ? [place] : Paths.Dlls(place)).Where(AssemblyFile.IsManaged))
        {
            var file = new AssemblyFile(path);
            _files.TryAdd(file.Name.Name!, file);
        }
    }

    internal (MetadataReader Reader, TypeDefinition Type)? Find(string? assembly, string type)
    {
        for (var hops = 0; hops < 5 && assembly is not null && _files.TryGetValue(assembly, out var file); hops++)
        {
            if (TypesOf(file).TryGetValue(type, out var handle))
            {
                return (file.Reader, file.Reader.GetTypeDefinition(handle));
            }

            assembly = ForwardedTo(file.Reader, type.Split('+')[0]);
        }

        return null;
    }

    private Dictionary<string, TypeDefinitionHandle> TypesOf(AssemblyFile file)
    {
        if (!_types.TryGetValue(file, out var types))
        {
            var names = new SignatureNames();
            types = file.Reader.TypeDefinitions.ToDictionary(handle => names.GetTypeFromDefinition(file.Reader, handle, 0));
            _types.Add(file, types);
        }

        return types;
    }

    private static string? ForwardedTo(MetadataReader reader, string type)
    {
        foreach (var exported in reader.ExportedTypes.Select(reader.GetExportedType))
        {
            if (exported.Implementation.Kind == HandleKind.AssemblyReference
                && SignatureNames.Canonical(reader.GetString(exported.Namespace), reader.GetString(exported.Name)) == type)
            {
                return reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)exported.Implementation).Name);
            }
        }

        return null;
    }
}
