namespace OciSync.Core.Flow;

/// <summary>Permits that a transfer holds; each is given back once, early or with the rest.</summary>
internal sealed class TransferPermits : IDisposable
{
    private readonly List<TransferGate> _gates = [];

    /// <summary>Whether the permit of this gate is held.</summary>
    internal bool Has(TransferGate gate)
    {
        lock (_gates)
        {
            return _gates.Contains(gate);
        }
    }

    internal void Add(TransferGate gate)
    {
        lock (_gates)
        {
            _gates.Add(gate);
        }
    }

    /// <summary>Gives back the permit of one gate, if it is still held.</summary>
    internal void Leave(TransferGate gate)
    {
        lock (_gates)
        {
            if (!_gates.Remove(gate))
            {
                return;
            }
        }

        gate.Leave();
    }

    public void Dispose()
    {
        List<TransferGate> left;
        lock (_gates)
        {
            left = [.. _gates];
            _gates.Clear();
        }

        left.ForEach(g => g.Leave());
    }
}
