using System.Text;
using OciSync.Core.Errors;

namespace OciSync.Fuzzing;

/// <summary>Every parser of what comes from outside. Each file of this class adds its own list.</summary>
internal static partial class FuzzTargets
{
    /// <summary>All of them, by name.</summary>
    internal static IReadOnlyList<FuzzTarget> All() =>
        [
            .. Names(), .. Headers(), .. Documents(), .. Files(), .. Archives(), .. Conversions(), .. State(), .. Policies(), .. Reports(),
            .. Finding(), .. Sigstore(), .. Signatures(), .. Serving(), .. Mirrors(), .. Yaml(),
        ];

    // A property that must hold of whatever was read.
    private static void Require(bool holds, string property)
    {
        if (!holds)
        {
            throw new InvalidOperationException("It does not hold: " + property);
        }
    }

    // What may be shown has no character that a terminal acts on.
    private static void RequireShowable(string text) =>
        Require(!text.Any(c => char.IsControl(c) || c is '\u202e' or '\u2028' or '\u2029' or '\ufeff'), "no control characters in what is shown");

    private static string Text(byte[] input) => Encoding.UTF8.GetString(input);

    /// <summary>Runs what may fail with an error of these kinds and with nothing else.</summary>
    private static void Allow(Action action, params OciErrorKind[] kinds)
    {
        try
        {
            action();
        }
        catch (OciException e) when (kinds.Contains(e.Kind))
        {
            RequireShowable(e.Message);
        }
    }

    /// <summary>The same for what fails with a format exception of ours.</summary>
    private static void AllowFormat(Action action)
    {
        try
        {
            action();
        }
        catch (FormatException e)
        {
            RequireShowable(e.Message);
        }
    }
}
