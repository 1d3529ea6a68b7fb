using OciSync.Core.Signing.Signers;
using OciSync.Core.Yaml;

namespace OciSync.Core.SyncFiles;

/// <summary>
/// Reads the key <c>sign</c> of entries and defaults: who signs images at their destinations. It names places of secrets, and has none itself.
/// </summary>
internal static class SigningReader
{
    private const string Key = "sign";
    private const string Nobody = "none";

    /// <summary>What the key says; null where it isn't there.</summary>
    internal static EntrySigning? Read(YamlMap map, SyncFileContext context)
    {
        if (map.Find(Key) is not { } value)
        {
            return null;
        }

        if (value.Kind == YamlKind.Scalar)
        {
            if (context.Text(value, $"'{Key}'") is { } text && text != Nobody)
            {
                context.Add(value, $"'{Key}' must be keys and values (keys: [team.key]), or '{Nobody}'.");
            }

            return EntrySigning.Nobody;
        }

        var sign = YamlMap.Of(value, $"'{Key}'", context);
        RefuseSecret(sign, context);
        var signing = new EntrySigning([.. sign.Texts("keys").Select(context.PathOf)], sign.Texts("by"))
        {
            Format = sign.Word("format", SignatureFormat.Attachment, SignatureFormat.Bundle, SignatureFormat.OpenPgp),
            Identity = ReadIdentity(sign, context),
            PassphrasePath = sign.Text("passphrasePath") is { Length: > 0 } path ? context.PathOf(path) : null,
            PassphraseVariable = sign.Text("passphraseVariable"),
        };
        sign.RefuseOthers();
        if (signing.KeyPaths.Count + signing.GpgKeys.Count == 0)
        {
            context.Add(value, $"'{Key}' says who signs: 'keys' with files, 'by' with keys of gpg, or both; '{Key}: {Nobody}' leaves images unsigned.");
        }

        if (signing is { PassphrasePath: not null, PassphraseVariable: not null })
        {
            context.Add(sign.Find("passphraseVariable")!, "'passphrasePath' and 'passphraseVariable' can't stand together.");
        }

        return signing;
    }

    // Of all mistakes the one that should not be answered with a list of keys.
    private static void RefuseSecret(YamlMap sign, SyncFileContext context)
    {
        if (sign.Find("passphrase") is { } secret)
        {
            context.Add(
                secret,
                "A passphrase doesn't stand in a sync file: name the file that has it with 'passphrasePath', or the variable with 'passphraseVariable'.");
        }
    }

    private static string? ReadIdentity(YamlMap sign, SyncFileContext context)
    {
        if (sign.Text("identity") is not { } name)
        {
            return null;
        }

        if (SigningOptions.FindIdentityFault(name) is { } fault)
        {
            context.Add(sign.Find("identity")!, $"'identity' can't be the name that is signed: {fault}.");
        }

        return name;
    }
}
