// The module registers a handler of the process: what one test imports the others would see.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
