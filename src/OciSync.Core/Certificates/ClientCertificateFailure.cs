using System.Security.Authentication;
using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Certificates;

/// <summary>A server that wants a certificate of ours and hangs up without one, or with the wrong one.</summary>
internal static class ClientCertificateFailure
{
    // What TLS alerts are called; not translated.
    private static readonly string[] Alerts =
        ["certificate required", "bad certificate", "unknown ca", "certificate unknown", "certificaterequired", "badcertificate", "unknownca"];

    /// <summary>The failure, or null when it is another one.</summary>
    internal static OciException? Find(List<Exception> chain, string host, CertificateCheck check, Exception e)
    {
        if (check.IsProven)
        {
            return null;
        }

        var texts = chain.Where(x => x is not OciException).Select(x => x.Message.ToLowerInvariant()).ToList();
        var isAlert = texts.Exists(IsAlert);
        var isBroken = chain.Exists(x => x is AuthenticationException or IOException);
        var mayBeAsked = check.IsClientAsked || (check.Facts is not null && !ClientCertificates.AreAskedForAloud);
        var isLikely = isBroken && (mayBeAsked || check.Client is not null);
        return isAlert || isLikely ? Create(host, check.Client?.Subject, e, !isAlert) : null;
    }

    /// <summary>
    /// The failure when it comes as an answer: nginx lets the connection stand and answers 400 with a page of its own (ngx_http_special_response.c);
    /// null when the page is another one.
    /// </summary>
    internal static OciException? FindInPage(string host, string? subject, byte[] body)
    {
        var page = Encoding.UTF8.GetString(body);
        return page.Contains("No required SSL certificate was sent") ? Create(host, null, null, false)
            : page.Contains("The SSL certificate error") ? Create(host, subject, null, false)
            : null;
    }

    /// <summary>A failure, or what caused it, is a server's word that it wants a certificate, or another one.</summary>
    internal static bool IsAlert(Exception? failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (IsAlert(e.Message.ToLowerInvariant()))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAlert(string text) => Array.Exists(Alerts, text.Contains);

    private static OciException Create(string host, string? subject, Exception? e, bool isTransient) => new(
        OciErrorKind.ClientCertificateRefused,
        subject is null
            ? $"'{host}' {(isTransient ? "ended the connection without an answer; it probably wants" : "wants")} a client certificate. Give one with: "
                + $"Connect-OciRegistry {host} -ClientCertificatePath <file>, "
                + $"or put NAME.cert and NAME.key into certs.d/{host}."
            : $"'{host}' refused the client certificate ({subject}). Check that it is one of an authority the registry trusts, and that it has not expired.",
        e)
    { IsTransient = isTransient };
}
