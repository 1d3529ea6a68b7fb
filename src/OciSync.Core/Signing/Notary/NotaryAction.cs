namespace OciSync.Core.Signing.Notary;

/// <summary>What happens when a check fails.</summary>
internal enum NotaryAction
{
    /// <summary>The check is left out.</summary>
    Skip,

    /// <summary>It is told, and the signature counts.</summary>
    Log,

    /// <summary>The signature doesn't count.</summary>
    Enforce,
}
