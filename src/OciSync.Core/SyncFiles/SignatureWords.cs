using OciSync.Core.Signing.Judging;
using OciSync.Core.Text;
using OciSync.Core.Yaml;

namespace OciSync.Core.SyncFiles;

/// <summary>
/// What our format says of trust: <c>policy</c>, and <c>signatures</c> with one word or several: what is asked of signatures, and whether they
/// travel with their images.
/// </summary>
internal static class SignatureWords
{
    private const string Key = "signatures";
    private const string Keep = "keep";
    private const string Remove = "remove";

    private static readonly SignatureDemand[] Demands = [SignatureDemand.AsPolicy, SignatureDemand.Require, SignatureDemand.RequireIndex];

    internal static EntryTrust? Read(YamlMap map, EntryTrust? defaults, SyncFileContext context)
    {
        var (demand, removes) = (defaults?.Demand, defaults?.RemoveSignatures);
        var (hasDemand, hasFate) = (false, false);
        foreach (var word in map.Texts(Key))
        {
            var asked = Array.FindIndex(Demands, d => Is(word, d.ToString()));
            if (asked >= 0 && !hasDemand)
            {
                (demand, hasDemand) = (Demands[asked], true);
            }
            else if (asked < 0 && !hasFate && (Is(word, Keep) || Is(word, Remove)))
            {
                (removes, hasFate) = (Is(word, Remove), true);
            }
            else
            {
                var known = asked >= 0 || Is(word, Keep) || Is(word, Remove);
                context.Add(map.Find(Key)!, known ? Twice(word) : Unknown(word));
                break;
            }
        }

        return EntryTrust.Of(map.Text("policy") is { Length: > 0 } policy ? context.PathOf(policy) : defaults?.PolicyPath, demand, removes);
    }

    private static string Twice(string word) =>
        $"'{Key}' says '{word}' beside another word for the same: one of {string.Join(", ", Demands)}, and one of {Keep}, {Remove}.";

    private static string Unknown(string word) =>
        $"'{Key}' must be one of {string.Join(", ", Demands)}, or {Keep} or {Remove}, or one of each as a list, not '{Printable.Text(word)}'.";

    private static bool Is(string word, string name) => name.Equals(word, StringComparison.OrdinalIgnoreCase);
}
