using OciSync.Core.Errors;
using OciSync.Core.Machine;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Signing;

/// <summary>A policy file that is asked what it says; it may be one that isn't valid.</summary>
public sealed class OciPolicy
{
    private readonly TrustPolicy? _policy;

    private OciPolicy(string path, TrustPolicy? policy, OciException? failure)
    {
        Path = path;
        Failure = failure;
        _policy = policy;
        Keys = new KeyFiles(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
    }

    /// <summary>What was read; only of a file that is valid.</summary>
    internal TrustPolicy Content => _policy ?? throw Failure!;

    /// <summary>The keys that it names.</summary>
    internal KeyFiles Keys { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Why it can't be used (<see cref="OciErrorKind.PolicyInvalid"/>), or null.</summary>
    public OciException? Failure { get; }

    /// <summary>Reads a policy.</summary>
    /// <param name="path">The file; null for the user's or, where there is none, the machine's.</param>
    /// <exception cref="FileNotFoundException">There is none; the message names the places.</exception>
    public static OciPolicy Open(string? path)
    {
        var environment = UserEnvironment.Current;
        var file = path ?? PolicyFiles.Find(environment) ?? throw new FileNotFoundException(DescribeAbsence());
        if (path is not null && !File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{Printable.Text(path)}'.", path);
        }

        try
        {
            return new OciPolicy(file, PolicyFiles.Load(file), null);
        }
        catch (OciException e) when (e.Kind == OciErrorKind.PolicyInvalid)
        {
            return new OciPolicy(file, null, e);
        }
    }

    /// <summary>The user's policy or, where there is none, the machine's; null where there is neither.</summary>
    public static OciPolicy? OpenDefault() => PolicyFiles.Find(UserEnvironment.Current) is null ? null : Open(null);

    /// <summary>That there is no policy, with the places where one could be, as a sentence.</summary>
    public static string DescribeAbsence() => $"There is no policy: {string.Join(" and ", PolicyFiles.Places(UserEnvironment.Current))} "
        + $"{(PolicyFiles.Places(UserEnvironment.Current).Count == 1 ? "is" : "are")} not there.";

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
    /// <param name="location">The image.</param>
    /// <param name="findKeyFault">Why the keys of a requirement are none, or null.</param>
    /// <exception cref="OciException">A link on the way to a folder or file can't be followed: <see cref="OciErrorKind.StorageFailed"/>.</exception>
    internal OciPolicyCheck Check(ImageLocation location, Func<PolicyRequirement, string?> findKeyFault)
    {
        var image = location.WithDefaultTag();
        var subject = PolicySubject.Of(image);
        if (_policy is null)
        {
            return new OciPolicyCheck(image.ToString(), Path) { Transport = subject.Transport, Reason = Failure!.Message };
        }

        var choice = _policy.Choose(subject);
        var verdict = PolicyVerdict.Of(subject, choice.Requirements, Keys.Exists, findKeyFault);
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

    private static TextList<string> Texts(IEnumerable<PolicyRequirement> requirements) => [.. requirements.Select(r => Printable.Line(r.ToString()))];
}
