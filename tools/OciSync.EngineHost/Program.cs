using OciSync.EngineHost.Hosting;

const int usageError = 64;

if (HostCommandLine.TryParse(args, out var commandLine, out var problem))
{
    return new HostSession(commandLine).Run();
}

Console.Error.WriteLine(problem);
Console.Error.WriteLine("usage: OciSync.EngineHost [-NoProfile] (-File script.ps1 [arguments] | -Command text)");
return usageError;
