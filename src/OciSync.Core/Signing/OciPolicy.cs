using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Machine;
using OciSync.Core.References;
using OciSync.Core.Signing.OpenPgp;
using OciSync.Core.Text;

namespace OciSync.Core.Signing;

/// <summary>A policy file that is asked what it says; it may be one that isn't valid.</summary>
public sealed class OciPolicy
{
    private readonly TrustPolicy? _policy;
    private readonly string _folder;

    private OciPolicy(string path, TrustPolicy? policy, OciException? failure, string folder)
    {
        Path = path;
        Failure = failure;
        _policy = policy;
        _folder = folder;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Why it can't be used (<see cref="OciErrorKind.PolicyInvalid"/>), or null.</summary>
    public OciException? Failure { get; }

    /// <summary>Reads a policy.</summary>
    /// <param name="path">The file; null for the user's or, where there is none, the machine's.</param>
    /// <param name="folder">The folder from which relative paths of keys are meant.</param>
    /// <exception cref="FileNotFoundException">There is none; the message names the places.</exception>
    public static OciPolicy Open(string? path, string folder)
    {
        var environment = UserEnvironment.Current;
        var file = path ?? PolicyFiles.Find(environment)
            ?? throw new FileNotFoundException(
                $"There is no policy: neither {string.Join(" nor ", PolicyFiles.Places(environment))} is there. Name one with -Path.");
        if (path is not null && !File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{Printable.Text(path)}'.", path);
        }

        try
        {
            return new OciPolicy(file, PolicyFiles.Load(file), null, folder);
        }
        catch (OciException e) when (e.Kind == OciErrorKind.PolicyInvalid)
        {
            return new OciPolicy(file, null, e, folder);
        }
    }

    /// <summary>Whether it is valid, and if not, where it isn't.</summary>
    public OciPolicyFile Describe()
    {
        var fault = Failure?.InnerException as PolicyFaultException;
        return new OciPolicyFile(Path)
        {
            IsValid = _policy is not null,
            Default = _policy is null ? [] : Texts(_policy.Default),
            Transports = _policy is null ? [] : [.. _policy.Transports.Keys],
            ScopeCount = _policy?.Transports.Values.Sum(s => s.Count) ?? 0,
            Fault = fault is null ? Failure?.Message : Printable.Line(fault.Message),
            Line = fault?.Line ?? 0,
            Key = fault?.Key ?? string.Empty,
        };
    }

    /// <summary>What it says of an image. No registry is asked.</summary>
    /// <exception cref="OciException">A link on the way to a folder or file can't be followed: <see cref="OciErrorKind.StorageFailed"/>.</exception>
    public OciPolicyCheck Check(ImageLocation location)
    {
        var image = location.WithDefaultTag();
        var subject = PolicySubject.Of(image);
        if (_policy is null)
        {
            return new OciPolicyCheck(image.ToString(), Path) { Transport = subject.Transport, Reason = Failure!.Message };
        }

        var choice = _policy.Choose(subject);
        var verdict = PolicyVerdict.Of(subject, choice.Requirements, Exists, FindPgpFault);
        return new OciPolicyCheck(image.ToString(), Path)
        {
            Transport = subject.Transport,
            Scope = Printable.Line(choice.Text),
            Requirements = Texts(choice.Requirements),
            Decision = verdict.Decision.ToString(),
            Reason = Printable.Line(verdict.Reason),
            IsValid = true,
        };
    }

    private bool Exists(string key) => key.Length > 0 && File.Exists(System.IO.Path.Combine(_folder, key));

    private string? FindPgpFault(KeySource keys)
    {
        try
        {
            var files = keys.Paths.Select(p => SettingsFile.ReadBytes(System.IO.Path.Combine(_folder, p))).Concat(keys.Data.Select(d => d.ToArray()));
            return KeyFile.HasKey(files) ? null : $"there is no public key in {keys}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{keys} can't be read ({e.Message})";
        }
    }

    private static TextList<string> Texts(IEnumerable<PolicyRequirement> requirements) => [.. requirements.Select(r => Printable.Line(r.ToString()))];
}
