namespace OciSync.TestRegistry;

/// <summary>Chooses the command and turns failures into exit codes: 0 good, 1 failed, 2 wrong usage, 3 something is not installed.</summary>
internal static class CommandLine
{
    private const string Usage = """
        OciSync.TestRegistry serve [--port N] [--folder PATH] [--user NAME:PASSWORD]... [--reader NAME:PASSWORD]... [--token]
            [--anonymous-pull] [--token-lifetime SECONDS] [--tls] [--pki-out DIR] [--no-http2] [--dialect NAME] [--set PROPERTY=VALUE]...
            [--discard-above BYTES] [--synthetic BYTES] [--stall-after BYTES] [--rate BYTES-PER-SECOND] [--ready-file PATH] [--parent-pid PID]
            [--many REPOSITORIES:TAGS] [--tags-file PATH]
        OciSync.TestRegistry seed ADDRESS --set demo [--user NAME:PASSWORD] [--tls]
        OciSync.TestRegistry seed ADDRESS --repository NAME,... --tags A,B,C [--platforms OS/ARCH,...] [--attestation] [--docker] [--zstd]
            [--layers N] [--layer-size N] [--shared-layers] [--shared N] [--seed N] [--user NAME:PASSWORD] [--tls]
        OciSync.TestRegistry check ADDRESS/REPOSITORY:TAG... [--user NAME:PASSWORD] [--tls]
        OciSync.TestRegistry check --equal ADDRESS/REPOSITORY:TAG ADDRESS/REPOSITORY:TAG... [--user NAME:PASSWORD] [--tls]
        OciSync.TestRegistry docker-registry [--mode plain|nodelete|tls|htpasswd|token] [--user NAME:PASSWORD] [--copy-of FOLDER] [--no-access-log]
            [--ready-file PATH] [--parent-pid PID]
        OciSync.TestRegistry dockerd [--ready-file PATH] [--parent-pid PID]
        OciSync.TestRegistry delay ADDRESS --milliseconds N [--bandwidth BYTES-PER-SECOND] [--window BYTES] [--ready-file PATH] [--parent-pid PID]
        """;

    internal static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var arguments = new Arguments(args.Skip(1));
            return args.FirstOrDefault() switch
            {
                "serve" => await ServeCommand.RunAsync(arguments),
                "seed" => await SeedCommand.RunAsync(arguments),
                "check" => await CheckCommand.RunAsync(arguments),
                "delay" => await DelayCommand.RunAsync(arguments),
                "docker-registry" => await DockerRegistryCommand.RunAsync(arguments),
                "dockerd" => await DockerDaemonCommand.RunAsync(arguments),
                _ => throw new FormatException("Which command?"),
            };
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\n\n{Usage}");
            return 2;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
