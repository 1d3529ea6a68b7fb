using System.Management.Automation;

namespace OciSync.EngineHost.StandIns.Utility;

/// <summary>Which of the objects that come by are wanted: the first, the last, all but some at either end.</summary>
internal sealed class SelectionWindow(int? first, int? last, int skip, int skipLast)
{
    private readonly Queue<PSObject> _tail = new();
    private readonly int _wantedFirst = first ?? 0;
    private readonly int _wantedLast = last ?? 0;

    // With -Last alone, -Skip counts from the end.
    private int _toSkip = first is null && last is > 0 ? 0 : skip;
    private int _passed;

    /// <summary>True when nothing that follows can be wanted.</summary>
    public bool IsDone => _wantedLast == 0 && _wantedFirst > 0 && _passed >= _wantedFirst;

    /// <summary>Takes the next object; gives back the one that can go on now, if any.</summary>
    public PSObject? Add(PSObject item)
    {
        if (_toSkip > 0)
        {
            _toSkip--;
            return null;
        }

        if (_passed < _wantedFirst)
        {
            _passed++;
            return item;
        }

        if (_wantedLast > 0)
        {
            Keep(item, first is null ? _wantedLast + skip : _wantedLast);
            return null;
        }

        if (first is not null || last is not null)
        {
            return null;
        }

        return skipLast == 0 ? item : Keep(item, skipLast);
    }

    /// <summary>What is wanted of the end, now that the end is known.</summary>
    public IEnumerable<PSObject> TakeRest()
    {
        var wanted = first is null ? _tail.Count - skip : _tail.Count;
        for (; _wantedLast > 0 && wanted > 0; wanted--)
        {
            yield return _tail.Dequeue();
        }

        _tail.Clear();
    }

    private PSObject? Keep(PSObject item, int limit)
    {
        _tail.Enqueue(item);
        return _tail.Count > limit ? _tail.Dequeue() : null;
    }
}
