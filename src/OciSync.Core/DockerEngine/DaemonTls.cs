using System.Net.Http;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Docker.DotNet.Handler.Abstractions;
using Microsoft.Net.Http.Client;
using OciSync.Core.Certificates;
using OciSync.Core.Errors;
using OciSync.Core.Polyfills;

namespace OciSync.Core.DockerEngine;

/// <summary>
/// The TLS of a Docker engine: its certificate must lead to an authority of the folder or of the system, and ours is shown.
/// </summary>
internal sealed class DaemonTls : IAuthProvider
{
    private const string Authority = "ca.pem";
    private const string Certificate = "cert.pem";
    private const string Key = "key.pem";
    private const string Pfx = "cert.pfx";

    private readonly string _host;
    private readonly CertificateCheck _check;

    private DaemonTls(Uri endpoint, TlsIdentity identity)
    {
        _host = endpoint.Host;
        _check = new CertificateCheck(endpoint.Authority, skip: false, identity);
    }

    public bool TlsEnabled => true;

    /// <summary>Why the engine's certificate was refused, or null when it was not.</summary>
    internal CertificateRefusal? Refusal => _check.Refusal;

    /// <summary>Whose our certificate is, or null without one.</summary>
    internal string? Subject => _check.Client?.Subject;

    /// <exception cref="OciException">The folder has no certificates, or what is there can't be used.</exception>
    internal static DaemonTls Read(DaemonAddress address) => new(address.Endpoint, ReadIdentity(address.CertificateFolder));

    public HttpMessageHandler ConfigureHandler(HttpMessageHandler handler)
    {
        // The library's own handler for tcp, http and https, on every framework.
        var managed = handler as ManagedHandler
            ?? throw new NotSupportedException($"TLS can't be set up for a handler of the type {handler.GetType().Name}");
        managed.ServerCertificateValidationCallback = (_, certificate, chain, errors) => _check.Validate(_host, certificate, chain, errors);
        if (_check.Client is { } client)
        {
            managed.ClientCertificates = [client];
        }

        return handler;
    }

    private static TlsIdentity ReadIdentity(string? folder)
    {
        if (folder is null)
        {
            return TlsIdentity.Of([], null);
        }

        var (authority, certificate, pfx) = (Path.Combine(folder, Authority), Path.Combine(folder, Certificate), Path.Combine(folder, Pfx));
        if (!File.Exists(authority) && !File.Exists(certificate) && !File.Exists(pfx))
        {
            throw Fault(
                folder, $"none of {Authority}, {Certificate} (with {Key}) and {Pfx} is there; TLS is asked for, so it is not tried without", null);
        }

        try
        {
            return TlsIdentity.Of(File.Exists(authority) ? CertificateFile.Read(authority) : [], ReadClient(folder, certificate, pfx));
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Fault(folder, e.Message, e);
        }
        catch (PlatformNotSupportedException e)
        {
            throw Fault(
                folder, $"Windows PowerShell 5.1 reads no PEM keys; make a {Pfx} without a password beside them: "
                    + $"openssl pkcs12 -export -in {Certificate} -inkey {Key} -out {Pfx} -passout pass:", e);
        }
    }

    private static X509Certificate2? ReadClient(string folder, string certificate, string pfx)
    {
        if (File.Exists(pfx))
        {
            var pair = new X509Certificate2(pfx);
            return pair.HasPrivateKey ? pair : throw new CryptographicException($"{Pfx} holds no private key");
        }

        return File.Exists(certificate) ? PemPair.Read(certificate, Path.Combine(folder, Key)) : null;
    }

    private static OciException Fault(string folder, string fault, Exception? inner) =>
        new(OciErrorKind.ConfigurationInvalid, $"The certificates for the Docker engine in '{folder}' can't be used: {fault.TrimEnd('.')}.", inner);
}
