using System.Management.Automation;

namespace OciSync.Bridge.Tests;

public sealed class OutputTests
{
    [Fact]
    public void Everything_written_arrives_in_order_also_beyond_the_capacity()
    {
        using var engine = new Engine(async (writer, _) =>
        {
            for (var i = 0; i < 5000; i++)
            {
                await writer.WriteObjectAsync(i);
            }
        });
        Assert.Equal(Enumerable.Range(0, 5000).Cast<object?>(), engine.Output("Invoke-TestWork $work"));
    }

    [Fact]
    public void Streams_keep_their_order_among_each_other()
    {
        using var engine = new Engine(async (writer, _) =>
        {
            writer.WriteVerbose("v");
            await writer.WriteObjectAsync("o");
            writer.WriteWarning("w");
            writer.WriteDebug("d");
            writer.WriteInformation("i", "tag");
            await writer.WriteErrorAsync(new ErrorRecord(new InvalidOperationException("e"), "Id", ErrorCategory.InvalidData, null));
        });
        var all = engine.Output("$DebugPreference = 'Continue'; Invoke-TestWork $work -Verbose *>&1");
        Assert.Equal(["v", "o", "w", "d", "i", "e"], all.Select(item => item!.ToString()));
    }

    [Fact]
    public void A_collection_is_one_object_unless_it_is_to_be_enumerated()
    {
        using var engine = new Engine(async (writer, _) =>
        {
            await writer.WriteObjectAsync(new[] { 1, 2 });
            await writer.WriteObjectAsync(new[] { 3, 4 }, enumerateCollection: true);
        });
        Assert.Equal(3, engine.Output("Invoke-TestWork $work").Length);
    }

    [Fact]
    public void Writes_happen_on_the_pipeline_thread_and_the_work_elsewhere()
    {
        var worker = 0;
        using var engine = new Engine(async (writer, _) =>
        {
            worker = Environment.CurrentManagedThreadId;
            await writer.WriteObjectAsync("x");
        });
        var threads = engine.Output("$before = [Environment]::CurrentManagedThreadId; Invoke-TestWork $work | ForEach-Object { $before; [Environment]::CurrentManagedThreadId }");
        Assert.Equal(threads[0], threads[1]);
        Assert.NotEqual(worker, threads[0]);
    }

    [Fact]
    public void Each_input_is_a_run_of_its_own()
    {
        var count = 0;
        using var engine = new Engine((writer, _) => writer.WriteObjectAsync(++count));
        Assert.Equal([1, 2, 3], engine.Output("'a', 'b', 'c' | Invoke-TestWork $work"));
    }

    [Fact]
    public void A_slow_consumer_holds_the_producer_back()
    {
        var produced = 0;
        var lead = 0;
        using var engine = new Engine(async (writer, _) =>
        {
            for (; produced < 2000; produced++)
            {
                await writer.WriteObjectAsync(new Action<int>(consumed => lead = Math.Max(lead, produced - consumed)));
            }
        });
        engine.Output("$n = 0; Invoke-TestWork $work | ForEach-Object { $_.Invoke(++$n) }");
        Assert.InRange(lead, 0, 260);
    }

    [Fact]
    public void Cmdlets_nest_in_one_pipeline_thread()
    {
        using var engine = new Engine(
            async (writer, _) =>
            {
                for (var i = 0; i < 600; i++)
                {
                    await writer.WriteObjectAsync(i);
                }
            },
            async (writer, _) =>
            {
                await Task.Yield();
                await writer.WriteObjectAsync("inner");
            });
        var output = engine.Output("Invoke-TestWork $work | ForEach-Object { $_; Invoke-TestWork $inner }");
        Assert.Equal(1200, output.Length);
        Assert.Equal([598, "inner", 599, "inner"], output[^4..]);
    }

    [Fact]
    public void Many_threads_may_write_at_once()
    {
        using var engine = new Engine((writer, token) => Parallel.ForAsync(0, 1000, token, async (i, _) =>
        {
            writer.WriteVerbose("v" + i);
            await writer.WriteObjectAsync(i);
        }));
        Assert.Equal(Enumerable.Range(0, 1000), engine.Output("Invoke-TestWork $work").Cast<int>().Order());
    }
}
