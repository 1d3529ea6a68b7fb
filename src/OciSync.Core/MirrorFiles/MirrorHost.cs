using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.MirrorFiles;

/// <summary>A mirror's host, and how it is spoken to.</summary>
/// <param name="Host">Host and, where given, port.</param>
/// <param name="IsPlainHttp">It speaks http.</param>
public sealed record MirrorHost(string Host, bool IsPlainHttp)
{
    private const string Http = "http://";
    private const string Https = "https://";

    /// <summary>The address with its scheme.</summary>
    internal string Url => (IsPlainHttp ? Http : Https) + Host;

    /// <summary>Reads <c>[http[s]://]host[:port]</c>; without a scheme it is https.</summary>
    /// <exception cref="OciException">It is something else (<see cref="OciErrorKind.ReferenceInvalid"/>).</exception>
    public static MirrorHost Parse(string text)
    {
        var isPlain = text.StartsWith(Http, StringComparison.OrdinalIgnoreCase);
        var host = RegistryHost.Normalize(isPlain ? text.Substring(Http.Length)
            : text.StartsWith(Https, StringComparison.OrdinalIgnoreCase) ? text.Substring(Https.Length) : text);
        host = host.TrimEnd('/');
        var fault = host.Contains('/') ? "it has a path; where images are below the host comes from their names there" : RegistryHost.FindFault(host);
        return fault is null
            ? new MirrorHost(host, isPlain)
            : throw new OciException(
                OciErrorKind.ReferenceInvalid,
                $"The mirror's address '{LoginText.Hide(text)}' is none: {fault}. Write [http://]host[:port], such as registry.corp.local:5000.");
    }
}
