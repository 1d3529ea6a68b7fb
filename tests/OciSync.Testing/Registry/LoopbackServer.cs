using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OciSync.Testing.Registry;

/// <summary>A silent Kestrel on 127.0.0.1 without limits on bodies and rates.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication application;

    private LoopbackServer(WebApplication application, int port)
    {
        this.application = application;
        Port = port;
    }

    internal int Port { get; }

    internal static Task<LoopbackServer> StartAsync(int port, X509Certificate2? certificate, bool http2, RequestDelegate handler) =>
        StartAsync(new RegistryOptions { Port = port, Certificate = certificate, Http2 = http2 }, handler);

    internal static async Task<LoopbackServer> StartAsync(RegistryOptions how, RequestDelegate handler)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => Configure(options, how));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        var application = builder.Build();
        application.Run(handler);
        await application.StartAsync();
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        return new LoopbackServer(application, new Uri(addresses!.Addresses.First()).Port);
    }

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }

    private static void Configure(KestrelServerOptions options, RegistryOptions how)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestHeadersTotalSize = 1 << 17;
        options.Limits.Http2.InitialConnectionWindowSize = 1 << 24;
        options.Limits.Http2.InitialStreamWindowSize = 1 << 22;
        options.Listen(IPAddress.Loopback, how.Port, listen =>
        {
            listen.Protocols = how.Certificate is not null && how.Http2 ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
            if (how.Certificate is not null)
            {
                listen.UseHttps(https => Configure(https, how));
            }
        });
    }

    private static void Configure(HttpsConnectionAdapterOptions https, RegistryOptions how)
    {
        https.ServerCertificate = how.Certificate;
        if (how.ClientAuthority is { } authority)
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => IsOf(certificate, authority);
        }
    }

    private static bool IsOf(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }
}
