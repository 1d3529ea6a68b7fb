namespace OciSync.Core.Signing.Notary;

/// <summary>The form as CBOR: COSE_Sign1 (RFC 9052, 4.2), with the payload in it.</summary>
internal static class CoseReader
{
    private const long Sign1 = 18;
    private const long AlgorithmLabel = 1;
    private const long CriticalLabel = 2;
    private const long ContentTypeLabel = 3;
    private const long ChainLabel = 33;
    private const long EpochTag = 1;

    /// <exception cref="FormatException">It is something else.</exception>
    internal static NotaryEnvelope Read(byte[] content)
    {
        if (CborReader.Read(content) is not CborTag { Number: Sign1, Value: List<object?> { Count: 4 } parts }
            || parts[0] is not byte[] protectedBytes || parts[1] is not CborMap header || parts[2] is not byte[] payload || parts[3] is not byte[] signature
            || CborReader.Read(protectedBytes) is not CborMap heads)
        {
            throw new FormatException("it is no COSE signature by one key");
        }

        return new NotaryEnvelope
        {
            Algorithm = NameOf(heads.Find(AlgorithmLabel)),
            ContentType = heads.Find(ContentTypeLabel) as string ?? string.Empty,
            Critical = [.. (heads.Find(CriticalLabel) as List<object?> ?? []).Select(c => c?.ToString() ?? string.Empty)],
            Scheme = heads.Find(NotaryEnvelope.SchemeKey) as string ?? string.Empty,
            AuthenticTime = Time(heads.Find(NotaryEnvelope.AuthenticTimeKey)),
            Expiry = Time(heads.Find(NotaryEnvelope.ExpiryKey)),
            Payload = payload,
            SignedBytes = CborWriter.SignedBytes(protectedBytes, payload),
            Signature = signature,
            Certificates = header.Find(ChainLabel) switch
            {
                byte[] one => [one],
                List<object?> all => [.. all.Select(c => c as byte[] ?? throw new FormatException("a certificate of it is none"))],
                _ => [],
            },
        };
    }

    private static string NameOf(object? algorithm) => algorithm switch
    {
        -37L => "PS256",
        -38L => "PS384",
        -39L => "PS512",
        -7L => "ES256",
        -35L => "ES384",
        -36L => "ES512",
        _ => throw new FormatException("its algorithm is not one of the Notary Project's"),
    };

    private static DateTimeOffset? Time(object? value) => value switch
    {
        null => null,
        CborTag { Number: EpochTag, Value: long seconds } when seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds() && seconds >= 0 =>
            DateTimeOffset.FromUnixTimeSeconds(seconds),
        _ => throw new FormatException("a time in it is none"),
    };
}
