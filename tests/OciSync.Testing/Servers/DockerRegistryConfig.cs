using OciSync.Testing.Images;
using OciSync.Testing.Pki;

namespace OciSync.Testing.Servers;

/// <summary>Writes the configuration file, and the files it names, into a folder.</summary>
internal static class DockerRegistryConfig
{
    internal static async Task<string> WriteAsync(
        TempFolder folder, DockerRegistryMode mode, int port, TestCredentials user, TestPki? pki, string? realm, bool accessLog)
    {
        pki?.Write(folder["pki"]);
        if (mode == DockerRegistryMode.Htpasswd)
        {
            var hash = BCrypt.Net.BCrypt.HashPassword(user.Password, workFactor: 4);
            await File.WriteAllTextAsync(folder["htpasswd"], $"{user.Name}:{hash}\n");
        }

        var clients = mode == DockerRegistryMode.TlsClient ? $", clientcas: [\"{folder["pki/ca.crt"]}\"]" : "";
        var tls = mode is DockerRegistryMode.Tls or DockerRegistryMode.TlsClient
            ? $", tls: {{certificate: \"{folder["pki/srv.crt"]}\", key: \"{folder["pki/srv.key"]}\"{clients}}}"
            : "";
        var text = string.Join('\n',
            "version: 0.1",
            $"log: {{level: warn, accesslog: {{disabled: {(accessLog ? "false" : "true")}}}}}",
            "storage:",
            "  cache: {blobdescriptor: inmemory}",
            $"  filesystem: {{rootdirectory: \"{folder["data"]}\"}}",
            $"  delete: {{enabled: {(mode == DockerRegistryMode.NoDelete ? "false" : "true")}}}",
            $"http: {{addr: \"127.0.0.1:{port}\", secret: testsecret{tls}}}",
            Auth(mode, folder, realm));
        var path = folder["config.yml"];
        await File.WriteAllTextAsync(path, text + "\n");
        return path;
    }

    private static string Auth(DockerRegistryMode mode, TempFolder folder, string? realm) => mode switch
    {
        DockerRegistryMode.Htpasswd => $"auth: {{htpasswd: {{realm: test-realm, path: \"{folder["htpasswd"]}\"}}}}",
        DockerRegistryMode.Token =>
            $"auth: {{token: {{realm: \"{realm}\", service: registry.test, issuer: {JwtTokenServer.Issuer}, "
            + $"rootcertbundle: \"{folder["pki/token.crt"]}\"}}}}",
        _ => "",
    };
}
