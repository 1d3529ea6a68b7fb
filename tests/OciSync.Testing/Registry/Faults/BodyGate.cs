namespace OciSync.Testing.Registry.Faults;

/// <summary>Lets a number of body bytes pass and then acts.</summary>
internal sealed class BodyGate(Fault fault)
{
    private long left = fault.Action.AfterBytes;

    internal bool Drops { get; private set; }

    internal bool Corrupts { get; private set; }

    /// <summary>How many of the bytes may pass now; 0 means that <see cref="ActAsync"/> is due.</summary>
    internal int Allow(int count) => (int)Math.Min(left, count);

    internal void Passed(int count) => left -= count;

    internal async Task ActAsync(CancellationToken cancellationToken)
    {
        fault.MarkReached();
        switch (fault.Action.Kind)
        {
            case FaultKind.CutRequest or FaultKind.CutResponse:
                throw new FaultCutException();
            case FaultKind.TruncateResponse:
                Drops = true;
                break;
            case FaultKind.CorruptResponse:
                Corrupts = true;
                break;
            default:
                await fault.Released.WaitAsync(cancellationToken);
                break;
        }

        left = long.MaxValue;
    }
}
