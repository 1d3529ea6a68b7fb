using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace OciSync.SharedParameters;

/// <summary>
/// For each cmdlet with <c>[SharedParameters(typeof(Source))]</c>: writes the members of the source class into it. The cmdlet declares the
/// properties itself, as partial ones without a body; that gives their order, and the compiler refuses a list that is not complete.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class SharedParameterGenerator : IIncrementalGenerator
{
    private const string Attribute = "OciSync.PowerShell.Shared.SharedParametersAttribute";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var parts = context.SyntaxProvider.ForAttributeWithMetadataName(
            Attribute, static (node, _) => node is ClassDeclarationSyntax, static (found, _) => Write((INamedTypeSymbol)found.TargetSymbol, found.Attributes));
        context.RegisterSourceOutput(parts, static (output, files) =>
        {
            foreach (var file in files)
            {
                output.AddSource(file.Name, SourceText.From(file.Text, Encoding.UTF8));
            }
        });
    }

    private static List<(string Name, string Text)> Write(INamedTypeSymbol cmdlet, IEnumerable<AttributeData> attributes)
    {
        var files = new List<(string, string)>();
        foreach (var source in attributes.Select(attribute => attribute.ConstructorArguments[0].Value).OfType<INamedTypeSymbol>())
        {
            foreach (var declaration in source.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).OfType<ClassDeclarationSyntax>())
            {
                files.Add(($"{cmdlet.Name}.{source.Name}.g.cs", CmdletPart.Write(cmdlet, declaration)));
            }
        }

        return files;
    }
}
