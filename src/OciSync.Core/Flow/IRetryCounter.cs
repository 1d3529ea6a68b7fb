namespace OciSync.Core.Flow;

/// <summary>Counts the further attempts of what is done for it, for <c>RetryCount</c> of its row. Several pieces of work may count at a time.</summary>
internal interface IRetryCounter
{
    /// <summary>Something is tried once more.</summary>
    void CountRetry();
}
