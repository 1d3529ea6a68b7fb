using OciSync.TestRegistry;

return await CommandLine.RunAsync(args);
