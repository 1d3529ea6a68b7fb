namespace OciSync.Core.Http;

/// <summary>How far an address reaches, from the innermost outward.</summary>
internal enum AddressReach
{
    /// <summary>This machine.</summary>
    Loopback,

    /// <summary>This wire; clouds answer here with secrets of the machine.</summary>
    LinkLocal,

    /// <summary>A private network (RFC 1918, RFC 4193, RFC 6598).</summary>
    Private,

    /// <summary>Everywhere.</summary>
    Public,
}
