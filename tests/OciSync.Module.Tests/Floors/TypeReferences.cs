using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace OciSync.Module.Tests.Floors;

/// <summary>
/// For each type of an assembly the types of the same assembly that it refers to: in base types, interfaces, fields, signatures, constraints,
/// local variables, handlers and code. Nested types, and what the compiler made of lambdas and iterators, count as the outermost type.
/// Names are full names. Constants and names in <c>nameof</c> leave no trace in an assembly.
/// </summary>
internal sealed class TypeReferences
{
    private static readonly OpCode[] _oneByte = CodesOf(1);
    private static readonly OpCode[] _twoBytes = CodesOf(2);

    private readonly Dictionary<string, HashSet<string>> _found = new(StringComparer.Ordinal);
    private readonly PEReader _image;
    private readonly MetadataReader _reader;
    private readonly NamedTypes _names = new();

    private TypeReferences(PEReader image)
    {
        _image = image;
        _reader = image.GetMetadataReader();
    }

    internal static IReadOnlyDictionary<string, HashSet<string>> Of(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        var references = new TypeReferences(image);
        foreach (var handle in references._reader.TypeDefinitions)
        {
            references.ReadType(handle);
        }

        return references._found;
    }

    private static OpCode[] CodesOf(int size)
    {
        var codes = new OpCode[256];
        foreach (var code in typeof(OpCodes).GetFields().Select(field => field.GetValue(null)).OfType<OpCode>().Where(code => code.Size == size))
        {
            codes[code.Value & 0xff] = code;
        }

        return codes;
    }

    private string Outermost(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            type = _reader.GetTypeDefinition(type.GetDeclaringType());
        }

        return _reader.GetString(type.Namespace) + "." + _reader.GetString(type.Name);
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        var name = Outermost(handle);
        if (!_found.TryGetValue(name, out var used))
        {
            _found[name] = used = new HashSet<string>(StringComparer.Ordinal);
        }

        var type = _reader.GetTypeDefinition(handle);
        Add(used, type.BaseType);
        AddAll(used, type.GetInterfaceImplementations().Select(i => _reader.GetInterfaceImplementation(i).Interface));
        AddAll(used, type.GetFields().SelectMany(f => _reader.GetFieldDefinition(f).DecodeSignature(_names, null)));
        AddAll(used, type.GetGenericParameters().SelectMany(Constraints));
        foreach (var method in type.GetMethods().Select(_reader.GetMethodDefinition))
        {
            AddSignature(used, method.DecodeSignature(_names, null));
            AddAll(used, method.GetGenericParameters().SelectMany(Constraints));
            if (method.RelativeVirtualAddress != 0)
            {
                ReadBody(used, _image.GetMethodBody(method.RelativeVirtualAddress));
            }
        }

        used.Remove(name);
    }

    private IEnumerable<EntityHandle> Constraints(GenericParameterHandle parameter) =>
        _reader.GetGenericParameter(parameter).GetConstraints().Select(c => _reader.GetGenericParameterConstraint(c).Type);

    private void AddSignature(HashSet<string> used, MethodSignature<IEnumerable<EntityHandle>> signature) =>
        AddAll(used, signature.ReturnType.Concat(signature.ParameterTypes.SelectMany(handles => handles)));

    private void AddAll(HashSet<string> used, IEnumerable<EntityHandle> handles)
    {
        foreach (var handle in handles)
        {
            Add(used, handle);
        }
    }

    private void Add(HashSet<string> used, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition when !handle.IsNil:
                used.Add(Outermost((TypeDefinitionHandle)handle));
                break;
            case HandleKind.TypeSpecification:
                AddAll(used, _reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_names, null));
                break;
            case HandleKind.MethodDefinition:
                Add(used, _reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Add(used, _reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                AddMember(used, _reader.GetMemberReference((MemberReferenceHandle)handle));
                break;
            case HandleKind.MethodSpecification:
                var specification = _reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                Add(used, specification.Method);
                AddAll(used, specification.DecodeSignature(_names, null).SelectMany(handles => handles));
                break;
        }
    }

    private void AddMember(HashSet<string> used, MemberReference member)
    {
        Add(used, member.Parent);
        if (member.GetKind() == MemberReferenceKind.Method)
        {
            AddSignature(used, member.DecodeMethodSignature(_names, null));
        }
        else
        {
            AddAll(used, member.DecodeFieldSignature(_names, null));
        }
    }

    private void ReadBody(HashSet<string> used, MethodBodyBlock body)
    {
        if (!body.LocalSignature.IsNil)
        {
            AddAll(used, _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null).SelectMany(handles => handles));
        }

        AddAll(used, body.ExceptionRegions.Where(region => !region.CatchType.IsNil).Select(region => region.CatchType));
        var code = body.GetILReader();
        while (code.RemainingBytes > 0)
        {
            ReadInstruction(used, ref code);
        }
    }

    // ECMA-335, partition III, section 1.2.
    private void ReadInstruction(HashSet<string> used, ref BlobReader code)
    {
        var first = code.ReadByte();
        switch ((first == 0xFE ? _twoBytes[code.ReadByte()] : _oneByte[first]).OperandType)
        {
            case OperandType.InlineNone:
                break;
            case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                code.Offset += 1;
                break;
            case OperandType.InlineVar:
                code.Offset += 2;
                break;
            case OperandType.InlineI8 or OperandType.InlineR:
                code.Offset += 8;
                break;
            case OperandType.InlineSwitch:
                // Read before: the offset of += would be that from before the number.
                var targets = code.ReadInt32();
                code.Offset += 4 * targets;
                break;
            case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                Add(used, MetadataTokens.EntityHandle(code.ReadInt32()));
                break;
            default:
                code.Offset += 4;
                break;
        }
    }
}
