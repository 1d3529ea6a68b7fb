using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using OciSync.PowerShell.Loading;

namespace OciSync.Mono;

/// <summary>
/// <c>OciSync.Mono FOLDER</c>: the engine from the module's folder, found as the module finds it in Windows PowerShell 5.1. Each line of the
/// input is an order, its words parted by tabs; the answer is lines and then a line that is a dot.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length != 1)
        {
            Console.Error.WriteLine("Which folder?");
            return 2;
        }

        var folder = Path.GetFullPath(args[0]);
        var resolver = new FolderResolver(folder);
        var engine = Assembly.LoadFrom(Path.Combine(folder, "OciSync.Core.dll"));
        AppDomain.CurrentDomain.AssemblyResolve += (_, e) =>
            new AssemblyName(e.Name).Name == "OciSync.Core" ? engine : resolver.Resolve(e.Name, e.RequestingAssembly);
        Serve();
        return 0;
    }

    // By itself: what names the engine's types may not be compiled before the engine can be found.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Serve()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var input = new StreamReader(Console.OpenStandardInput(), utf8);
        using var output = new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true };
        while (input.ReadLine() is { Length: > 0 } line)
        {
            foreach (var answer in Orders.Run(line.Split('\t'), input))
            {
                output.WriteLine(answer);
            }

            output.WriteLine(".");
        }
    }
}
