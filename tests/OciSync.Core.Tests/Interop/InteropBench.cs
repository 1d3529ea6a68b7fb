using System.Text;
using OciSync.Core.Flow;
using OciSync.Core.Machine;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Keys;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Trust;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Interop;

/// <summary>
/// An index with two platforms in a registry, keys of every kind, and the tools. A cell is good when the judge accepts every manifest by the right key,
/// under the name that was signed where the form has one, and accepts none by another key.
/// </summary>
internal sealed class InteropBench : IAsyncDisposable
{
    private const string Passphrase = "only for tests";

    private static readonly Dictionary<string, string> Algorithms = new() { ["RSA"] = "rsa2048", ["Ed25519"] = "ed25519", ["P-256"] = "nistp256" };

    private readonly EmbeddedRegistry _registry;
    private readonly GnuPg _gpg = GnuPg.Start();
    private readonly TempFolder _folder = new();
    private readonly TestImage _index = ImageFactory.Create(new ImageSpec { Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] });
    private readonly Dictionary<string, string> _fingerprints = [];
    private readonly Dictionary<(string, string), string> _signed = [];

    private InteropBench(EmbeddedRegistry registry) => _registry = registry;

    /// <summary>Null when the programs are there without which there is no table.</summary>
    internal static string? WhyMissing => GnuPg.WhyMissing ?? Skopeo.WhyMissing;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private EngineOptions Options => Run.Quick with
    {
        RegistriesDirectoryPath = _folder["registries.d"],
        Environment = new UserEnvironment(v => v == "PATH" ? _folder["bin"] : null, _folder.Path, false, true),
    };

    internal static async Task<InteropBench> StartAsync()
    {
        var bench = new InteropBench(await EmbeddedRegistry.StartAsync());
        var folder = bench._folder;
        await bench._registry.AddAsync("app", bench._index, "1.0");
        Directory.CreateDirectory(folder["registries.d"]);
        await File.WriteAllTextAsync(
            folder["registries.d/a.yaml"],
            $"default-docker: {{ lookaside: '{new Uri(folder["sigs"]).AbsoluteUri}', use-sigstore-attachments: true }}", Token);
        foreach (var name in new[] { "team", "other" })
        {
            var key = PrivateKey.Create();
            await File.WriteAllTextAsync(folder[name + ".key"], SigningKeyFile.Write(key, Encoding.UTF8.GetBytes(Passphrase)), Token);
            await File.WriteAllTextAsync(folder[name + ".pub"], new PemBlock("PUBLIC KEY", key.Public.Bytes).Write(), Token);
        }

        await File.WriteAllTextAsync(folder["passphrase"], Passphrase + "\n", Token);
        foreach (var (name, algorithm) in Algorithms.Append(new("another", "ed25519")))
        {
            bench._fingerprints[name] = await bench._gpg.CreateKeyAsync($"{name}@example.test", algorithm);
            await File.WriteAllBytesAsync(folder[name + ".gpg"], await bench._gpg.ExportAsync(bench._fingerprints[name]), Token);
            await File.WriteAllBytesAsync(
                folder[name + ".asc"], await bench._gpg.RunAsync("--passphrase", "", "--armor", "--export-secret-keys", bench._fingerprints[name]), Token);
        }

        Directory.CreateDirectory(folder["bin"]);
        await File.WriteAllTextAsync(folder["bin/gpg"], $"#!/bin/sh\nGNUPGHOME='{bench._gpg.Home.Path}' exec '{GnuPg.ProgramPath}' \"$@\"\n", Token);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["bin/gpg"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return bench;
    }

    /// <summary>The versions of the tools that are here.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> FindVersionsAsync()
    {
        var versions = new Dictionary<string, string>();
        foreach (var tool in InteropCase.Judges.Where(t => t != InteropCase.Us && InteropTools.WhyMissing(t) is null))
        {
            var said = await InteropTools.RunAsync(tool, _gpg, _folder, tool.StartsWith("cosign", StringComparison.Ordinal) ? ["version"] : ["--version"]);
            versions[tool] = said.Output.Split('\n').First(l => tool == InteropCase.Gpg || l.Contains("ersion", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1].Trim().Replace("devel", "a build of Debian's", StringComparison.Ordinal);
        }

        return versions;
    }

    /// <summary>Runs a cell.</summary>
    internal async Task<string> RunAsync(InteropCase one)
    {
        foreach (var tool in new[] { one.Maker, one.Judge }.Where(t => t != InteropCase.Us))
        {
            if (InteropTools.WhyMissing(tool) is { } missing)
            {
                return InteropTable.Skipped + missing;
            }
        }

        var name = _signed.TryGetValue((one.Maker, one.What), out var known) ? known : await SignAsync(one);
        _signed[(one.Maker, one.What)] = name;
        return await JudgeAsync(one, name, Right(one)) is { } refusal ? $"refused: {refusal}"
            : await JudgeAsync(one, name, one.What.StartsWith("OpenPGP", StringComparison.Ordinal) ? _folder["another.gpg"] : _folder["other.pub"]) is null
                ? "another key is accepted too"
            : InteropTable.Good;
    }

    public async ValueTask DisposeAsync()
    {
        await _gpg.DisposeAsync();
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    private static string KeyOf(InteropCase one) => Algorithms.Keys.First(k => one.What.Contains(k, StringComparison.Ordinal));

    private string Right(InteropCase one) => one.What.StartsWith("OpenPGP", StringComparison.Ordinal) ? _folder[KeyOf(one) + ".gpg"]
        : one.What.EndsWith("its own key file", StringComparison.Ordinal) ? _folder[one.Maker.Replace(' ', '-') + ".pub"]
        : _folder["team.pub"];

    // The signed image has a place of its own; its name comes back.
    private async Task<string> SignAsync(InteropCase one)
    {
        var (from, to) = ($"{_registry.Address}/app:1.0", $"{_registry.Address}/made{_signed.Count}/app:1.0");
        if (one.Maker == InteropCase.Us)
        {
            await CopyAsync(from, to, SigningOptions.Of([await OpenAsync(one)], one.What.StartsWith("bundle", StringComparison.Ordinal)
                ? SignatureFormat.Bundle : null, null));
            return to;
        }

        if (one.Maker is InteropCase.OldSkopeo or InteropCase.Skopeo)
        {
            string[] signing = one.What.StartsWith("OpenPGP", StringComparison.Ordinal)
                ? ["--sign-by", _fingerprints[KeyOf(one)]]
                : ["--sign-by-sigstore-private-key", await FindKeyAsync(one), "--sign-passphrase-file", _folder["passphrase"]];
            await MustAsync(one.Maker,
            [
                "--insecure-policy", "--registries.d", _folder["registries.d"], "copy", "--all", "--src-tls-verify=false", "--dest-tls-verify=false",
                .. signing, "docker://" + from, "docker://" + to,
            ]);
            return to;
        }

        await CopyAsync(from, to, SigningOptions.None);
        string[] older = one.Maker == InteropCase.Cosign ? ["--tlog-upload=false"] : ["--use-signing-config=false", "--tlog-upload=false"];
        await MustAsync(one.Maker, ["sign", "--recursive", "--key", await FindKeyAsync(one), .. older, "--allow-http-registry", "-y", to]);
        return to;
    }

    private async Task<OciSigner> OpenAsync(InteropCase one) => one.What.EndsWith("by gpg", StringComparison.Ordinal)
        ? await OciSigner.FindAsync(_fingerprints[KeyOf(one)], null, Options, Token)
        : one.What.StartsWith("OpenPGP", StringComparison.Ordinal) ? OciSigner.Open(_folder[KeyOf(one) + ".asc"], null, Options)
        : OciSigner.Open(_folder["team.key"], Passphrase, Options);

    // OciSync's, or one that the tool makes.
    private async Task<string> FindKeyAsync(InteropCase one)
    {
        if (!one.What.EndsWith("its own key file", StringComparison.Ordinal))
        {
            return _folder["team.key"];
        }

        var prefix = _folder[one.Maker.Replace(' ', '-')];
        await (one.Maker == InteropCase.Skopeo
            ? MustAsync(one.Maker, ["generate-sigstore-key", "--output-prefix", prefix, "--passphrase-file", _folder["passphrase"]])
            : MustAsync(one.Maker, ["generate-key-pair", "--output-key-prefix", prefix]));

        // Both of us open what the tool has made.
        _ = OciSigner.Open(prefix + (File.Exists(prefix + ".private") ? ".private" : ".key"), Passphrase, Options);
        return prefix + (File.Exists(prefix + ".private") ? ".private" : ".key");
    }

    private async Task CopyAsync(string from, string to, SigningOptions signing)
    {
        var row = await Run.OneAsync(
            new SyncRequest { Pairs = [new SyncPair(ImageReference.Parse(from), ImageReference.Parse(to), from)], Signing = signing }, Options);
        Assert.Equal((SyncStatus.Copied, null), (row.Status, row.Error));
    }

    // Null when every manifest is accepted.
    private async Task<string?> JudgeAsync(InteropCase one, string name, string key)
    {
        if (one.Judge == InteropCase.Us)
        {
            return await CheckAsync(one, name, key);
        }

        if (one.Judge is InteropCase.OldSkopeo or InteropCase.Skopeo)
        {
            var requirement = one.What.StartsWith("OpenPGP", StringComparison.Ordinal)
                ? $$"""{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "{{key}}"}""" : $$"""{"type": "sigstoreSigned", "keyPath": "{{key}}"}""";
            await File.WriteAllTextAsync(_folder["policy.json"], $$"""{"default": [{{requirement}}]}""", Token);
            return Told(await InteropTools.RunAsync(one.Judge, _gpg, _folder,
            [
                "--policy", _folder["policy.json"], "--registries.d", _folder["registries.d"], "copy", "--all", "--src-tls-verify=false", "docker://" + name,
                $"dir:{_folder["to"]}",
            ]));
        }

        foreach (var manifest in _index.Manifests)
        {
            var repository = name[..name.LastIndexOf(':')];
            var path = repository[(repository.IndexOf('/', StringComparison.Ordinal) + 1)..];
            var result = one.Judge == InteropCase.Gpg
                ? await InteropTools.VerifyAsync(key, _folder[$"sigs/{path}@{manifest.Digest.Replace(':', '=')}/signature-1"], _folder)
                : await InteropTools.RunAsync(one.Judge, _gpg, _folder,
                    ["verify", "--key", key, "--insecure-ignore-tlog=true", "--allow-http-registry", $"{repository}@{manifest.Digest}"]);
            if (Told(result) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private async Task<string?> CheckAsync(InteropCase one, string name, string key)
    {
        string? refusal = null;
        var match = one.Maker is InteropCase.Cosign or InteropCase.NewCosign ? NameMatch.Repository : NameMatch.Exact;
        using var engine = Run.Engine(Options);
        await engine.CheckSignaturesAsync(
            ImageLocation.Parse(name),
            new TrustCheckOptions { Keys = [await File.ReadAllBytesAsync(key, Token)], Match = match },
            (row, _) =>
            {
                // What an index names is covered by it: here each has to be signed itself.
                var isCovered = row.Reason?.StartsWith("its index", StringComparison.Ordinal) == true;
                refusal ??= row.Status == "Trusted" && row.Signatures > 0 && !isCovered ? null : row.Reason;
                return Task.CompletedTask;
            },
            Token);
        return refusal;
    }

    private async Task MustAsync(string tool, string[] arguments)
    {
        var result = await InteropTools.RunAsync(tool, _gpg, _folder, arguments, ("COSIGN_PASSWORD", Passphrase));
        Assert.True(result.ExitCode == 0, $"{tool} {string.Join(' ', arguments)}: {result.Error}");
    }

    private static string? Told(ProcessResult result) => result.ExitCode == 0 ? null : result.Error.Trim().Split('\n')[^1];
}
