using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OciSync.Core.Certificates;

namespace OciSync.Core.Tests.Certificates;

public sealed class CertificateNamesTests
{
    [Fact]
    public void The_host_names_of_a_certificate_are_read()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("mirror.corp");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        names.AddDnsName("*.example.org");
        Enumerable.Range(0, 30).ToList().ForEach(i => names.AddDnsName($"host-{i}.example.net"));
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));

        var read = CertificateNames.Of(certificate);
        Assert.Equal(32, read.Count);
        Assert.Equal(["mirror.corp", "*.example.org", "host-0.example.net"], read.Take(3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("3005")]
    [InlineData("308282")]
    [InlineData("30848000000000")]
    [InlineData("3003820561")]
    [InlineData("0403820161")]
    public void What_can_t_be_read_has_none(string hex) => Assert.Empty(CertificateNames.Read(Convert.FromHexString(hex)));
}
