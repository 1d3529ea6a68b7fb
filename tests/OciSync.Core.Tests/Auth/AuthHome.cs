using System.Text;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.Machine;
using OciSync.Testing;

namespace OciSync.Core.Tests.Auth;

/// <summary>A home folder and an environment of a test's own.</summary>
internal sealed class AuthHome : IDisposable
{
    private readonly TempFolder _folder = new();

    internal AuthHome()
    {
        Variables = new Dictionary<string, string>
        {
            ["XDG_RUNTIME_DIR"] = this["run"],
            ["PATH"] = this["bin"],
        };
        Directory.CreateDirectory(this["bin"]);
    }

    internal Dictionary<string, string> Variables { get; }

    internal List<string> Decisions { get; } = [];

    internal List<string> Warnings { get; } = [];

    internal EngineEvents Events => new() { Decision = t => Add(Decisions, t), Warning = t => Add(Warnings, t) };

    internal RegistrySessions Sessions { get; } = new();

    internal UserEnvironment Environment => new(Variables.GetValueOrDefault, _folder.Path, OperatingSystem.IsWindows(), OperatingSystem.IsLinux());

    internal EngineOptions Options => Engine.Run.Quick with { Environment = Environment };

    internal string this[string name] => _folder[name];

    internal static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    internal static string Login(string key, string user, string password = "x") =>
        $$"""{"auths": {"{{key}}": {"auth": "{{Encode(user + ":" + password)}}"} } }""";

    internal void WriteDocker(string content) => Write(".docker/config.json", content);

    internal string Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
        return this[name];
    }

    /// <summary>A helper that is a shell script; <c>$1</c> is the action.</summary>
    internal void WriteHelper(string name, string script)
    {
        var path = Write("bin/docker-credential-" + name, "#!/bin/sh\n" + script + "\n");
        SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    internal static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    internal Task<FoundCredential?> FindAsync(
        string host, string repository, EngineOptions? options = null, IReadOnlyDictionary<string, RegistryCredential>? given = null) =>
        CredentialSources.CreateFinder(
            options ?? Options,
            Events,
            Sessions,
            given ?? new Dictionary<string, RegistryCredential>(),
            new Dictionary<string, LoginRing>(),
            TestContext.Current.CancellationToken)
            .FindAsync(new RegistryAddress(host, repository, false), TestContext.Current.CancellationToken);

    public void Dispose() => _folder.Dispose();

    private static void Add(List<string> list, string text)
    {
        lock (list)
        {
            list.Add(text);
        }
    }
}
