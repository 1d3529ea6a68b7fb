using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OciSync.Module.Tests.Floors;

/// <summary>The rules of CONTRIBUTING.md that can be counted.</summary>
public sealed class RuleTests
{
    private const int LongestFile = 400;
    private const int LongestMethod = 40;
    private const int LongestLine = 160;

    private static readonly string[] _folders = ["src", "tests", "tools"];

    private static readonly Lazy<List<(string File, SyntaxTree Tree)>> _sources = new(() =>
        [.. SourceFiles.Below(Path.Combine(Paths.RepositoryRoot, "src")).Select(file => (Name(file), Parse(file)))]);

    [Fact]
    public void Files_are_short() => Faults.None(
        from file in All()
        let lines = File.ReadLines(file).Count()
        where lines > LongestFile
        select $"{Name(file)}: {lines} lines");

    // What is JSON, or a page, in a raw string has its own lines.
    [Fact]
    public void Lines_are_short() => Faults.None(
        from file in All()
        let lines = LongLines(file)
        where lines.Count > 0
        let raw = RawLines(Parse(file))
        from line in lines
        where !raw.Contains(line.Number)
        select $"{Name(file)}:{line.Number + 1}: {line.Length} characters");

    [Fact]
    public void Methods_are_short() => Faults.None(
        from source in _sources.Value
        from body in source.Tree.GetRoot().DescendantNodes().Where(IsBody)
        let span = body.GetLocation().GetLineSpan()
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > LongestMethod
        select $"{source.File}:{span.StartLinePosition.Line + 1}: {lines} lines");

    [Fact]
    public void One_public_type_a_file() => Faults.None(
        from source in _sources.Value
        let types = source.Tree.GetRoot().DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(member => member is (BaseTypeDeclarationSyntax or DelegateDeclarationSyntax) && member.Modifiers.Any(SyntaxKind.PublicKeyword))
            .Count()
        where types > 1
        select $"{source.File}: {types} public types");

    [Fact]
    public void Conditional_compilation_stays_with_polyfills_and_loading() => Faults.None(
        from file in All()
        where !file.Contains("/Polyfills/", StringComparison.Ordinal) && !file.Contains("/Loading/", StringComparison.Ordinal)
        from line in File.ReadLines(file)
        where line.TrimStart().StartsWith("#if", StringComparison.Ordinal)
        select $"{Name(file)}: {line.Trim()}");

    // The body of a method, with its signature; a local function or lambda is a part of the method around it.
    private static bool IsBody(SyntaxNode node) => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax;

    private static List<(int Number, int Length)> LongLines(string file) =>
        [.. File.ReadLines(file).Select((text, index) => (index, text.Length)).Where(line => line.Length > LongestLine)];

    private static HashSet<int> RawLines(SyntaxTree tree) =>
        [.. tree.GetRoot().DescendantNodes().Where(IsRawString).Select(text => text.GetLocation().GetLineSpan()).SelectMany(span =>
            Enumerable.Range(span.StartLinePosition.Line, span.EndLinePosition.Line - span.StartLinePosition.Line + 1))];

    private static bool IsRawString(SyntaxNode node) =>
        node is InterpolatedStringExpressionSyntax or LiteralExpressionSyntax
        && node.GetFirstToken().Text.TrimStart('$').StartsWith("\"\"\"", StringComparison.Ordinal);

    private static IEnumerable<string> All() => _folders.SelectMany(folder => SourceFiles.Below(Path.Combine(Paths.RepositoryRoot, folder)));

    private static string Name(string file) => Path.GetRelativePath(Paths.RepositoryRoot, file);

    private static SyntaxTree Parse(string file) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(file), new CSharpParseOptions(LanguageVersion.Latest, preprocessorSymbols: ["NET8_0_OR_GREATER", "NET"]));
}
