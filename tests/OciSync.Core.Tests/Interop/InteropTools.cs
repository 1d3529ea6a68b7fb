using System.Diagnostics;
using OciSync.Testing;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Interop;

/// <summary>The tools by the names of the tables: Debian 12's, Debian 13's, and cosign 3 where one is on the path.</summary>
internal static class InteropTools
{
    /// <summary>Null when a tool is here.</summary>
    internal static string? WhyMissing(string tool) => tool switch
    {
        InteropCase.Skopeo => Debian13.WhyMissing(Debian13.Skopeo),
        InteropCase.Cosign => Debian13.WhyMissing(Debian13.Cosign),
        InteropCase.NewCosign => NewCosign.WhyMissing,
        InteropCase.OldSkopeo => Skopeo.WhyMissing,
        _ => GnuPg.WhyMissing,
    };

    /// <summary>Runs a tool to its end, with the keyring of the bench.</summary>
    internal static async Task<ProcessResult> RunAsync(
        string tool, GnuPg gpg, TempFolder folder, IEnumerable<string> arguments, params (string Name, string Value)[] environment) => tool switch
    {
        InteropCase.Gpg => await gpg.RunAsync("gpg", arguments),
        InteropCase.OldSkopeo => await gpg.RunAsync("skopeo", arguments),
        InteropCase.Skopeo => await gpg.RunAsync(Debian13.Find(Debian13.Skopeo)!, arguments),
        _ => await CosignAsync(tool == InteropCase.Cosign ? Debian13.Find(Debian13.Cosign)! : Executable.Find("cosign")!, folder, arguments, environment),
    };

    /// <summary>Whether gpg takes a message by this key, in a keyring that has no other.</summary>
    internal static async Task<ProcessResult> VerifyAsync(string key, string signature, TempFolder folder)
    {
        var keyring = folder["ring-" + Path.GetFileName(key)];
        var start = new ProcessStartInfo(
            GnuPg.ProgramPath!, ["--batch", "--quiet", "--no-default-keyring", "--keyring", keyring, "--trust-model", "always", "--import", key])
        {
            Environment = { ["GNUPGHOME"] = folder.Path },
        };
        (await ProcessResult.OfAsync(start)).Succeeded();
        return await ProcessResult.OfAsync(new ProcessStartInfo(
            GnuPg.ProgramPath!, ["--batch", "--quiet", "--no-default-keyring", "--keyring", keyring, "--trust-model", "always", "--verify", signature])
        {
            Environment = { ["GNUPGHOME"] = folder.Path },
        });
    }

    private static async Task<ProcessResult> CosignAsync(
        string program, TempFolder folder, IEnumerable<string> arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { Environment = { ["HOME"] = folder.Path } };
        environment.ToList().ForEach(e => start.Environment[e.Name] = e.Value);
        return await ProcessResult.OfAsync(start);
    }
}
