using System.Text.RegularExpressions;

namespace OciSync.Core.Signing.Bundles;

/// <summary>Who has to have signed: a name in the certificate, and who vouched for it. Without both, anybody with any account would count.</summary>
internal sealed class SignerIdentity
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Regex? _name;
    private readonly Regex? _issuer;

    private SignerIdentity(string name, string issuer, bool isPattern)
    {
        Name = name;
        Issuer = issuer;
        if (isPattern)
        {
            (_name, _issuer) = (Anchor(name), Anchor(issuer));
        }
    }

    /// <summary>The e-mail address or URI, as written.</summary>
    internal string Name { get; }

    /// <summary>The OIDC issuer, as written.</summary>
    internal string Issuer { get; }

    /// <summary>Both as exact texts.</summary>
    /// <exception cref="ArgumentException">One is empty.</exception>
    internal static SignerIdentity Exact(string name, string issuer) => new(NotEmpty(name), NotEmpty(issuer), isPattern: false);

    /// <summary>Both as regular expressions, which have to fit the whole text.</summary>
    /// <exception cref="ArgumentException">One is empty, or no regular expression.</exception>
    internal static SignerIdentity Patterns(string name, string issuer) => new(NotEmpty(name), NotEmpty(issuer), isPattern: true);

    internal bool FitsName(string name) => Fits(_name, Name, name);

    internal bool FitsIssuer(string issuer) => Fits(_issuer, Issuer, issuer);

    private static bool Fits(Regex? pattern, string exact, string text)
    {
        try
        {
            return pattern?.IsMatch(text) ?? string.Equals(exact, text, StringComparison.Ordinal);
        }
        catch (RegexMatchTimeoutException)
        {
            // What takes so long doesn't fit.
            return false;
        }
    }

    private static Regex Anchor(string pattern) => new(@"\A(?:" + pattern + @")\z", RegexOptions.CultureInvariant, Patience);

    private static string NotEmpty(string text) => text.Length > 0 ? text : throw new ArgumentException("A name of a signer is not empty.");
}
