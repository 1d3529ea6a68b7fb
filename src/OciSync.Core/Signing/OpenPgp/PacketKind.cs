namespace OciSync.Core.Signing.OpenPgp;

/// <summary>Kinds of packets (RFC 9580, 5) that are told apart here; there are others.</summary>
internal enum PacketKind
{
    /// <summary>A session key for a public key.</summary>
    PublicKeyEncryptedSessionKey = 1,

    /// <summary>A signature, over whatever is beside it.</summary>
    Signature = 2,

    /// <summary>A session key for a passphrase.</summary>
    SymmetricKeyEncryptedSessionKey = 3,

    /// <summary>Says before the content which signature will follow it.</summary>
    OnePassSignature = 4,

    /// <summary>A secret primary key.</summary>
    SecretKey = 5,

    /// <summary>A primary key.</summary>
    PublicKey = 6,

    /// <summary>A secret subkey.</summary>
    SecretSubkey = 7,

    /// <summary>Packed packets.</summary>
    CompressedData = 8,

    /// <summary>Encrypted content.</summary>
    EncryptedData = 9,

    /// <summary>Has no meaning.</summary>
    Marker = 10,

    /// <summary>Content.</summary>
    LiteralData = 11,

    /// <summary>A name and address.</summary>
    UserId = 13,

    /// <summary>A subkey.</summary>
    PublicSubkey = 14,

    /// <summary>A picture.</summary>
    UserAttribute = 17,

    /// <summary>Encrypted content that nobody can change unseen.</summary>
    ProtectedEncryptedData = 18,

    /// <summary>Has no meaning.</summary>
    Padding = 21,
}
