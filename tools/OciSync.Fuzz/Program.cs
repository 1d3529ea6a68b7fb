using OciSync.Fuzz;
using OciSync.Fuzzing;

// OciSync.Fuzz [part of a parser's name ...] [--cases N] [--minutes M] [--seed S] [--jobs J] [--record FILE]
var options = FuzzOptions.Parse(args);
if (options is null)
{
    Console.Error.WriteLine("usage: OciSync.Fuzz [name ...] [--cases N] [--minutes M] [--seed S] [--jobs J] [--record docs/reliability.md]");
    return 2;
}

var targets = FuzzTargets.All().Where(t => options.Names.Count == 0 || options.Names.Any(n => t.Name.Contains(n, StringComparison.OrdinalIgnoreCase))).ToList();
if (options.Child is { } child)
{
    ChildProcess.Answer(FuzzRunner.Run(targets.Single(t => t.Name == child), options.Seed, options.Cases, options.Time));
    return 0;
}

var outcomes = new FuzzOutcome[targets.Count];
await Parallel.ForEachAsync(Enumerable.Range(0, targets.Count), new ParallelOptions { MaxDegreeOfParallelism = options.Jobs }, async (i, _) =>
{
    outcomes[i] = await ChildProcess.RunAsync(targets[i].Name, options);
    Console.WriteLine(FuzzReport.Line(outcomes[i]));
});
if (options.Record is { } record)
{
    Section.Write(record, "fuzz", FuzzReport.Write(outcomes, options));
    Console.WriteLine($"{record} has the record.");
}

foreach (var failed in outcomes.Where(o => o.Failure is not null))
{
    Console.Error.WriteLine(failed.Failure);
}

return outcomes.Any(o => o.Failure is not null) ? 1 : 0;
